/** getaddrinfo(3): names and services by the C library, which asks /etc/hosts, DNS and whatever else this machine has. */
import { decodeSockaddr, type SocketAddress } from './address.js'
import { EAGAIN, EINVAL, EIO, ENOMEM } from './constants.js'
import { c, lastErrno, memoryAt } from './ffi.js'
import { PosixError } from './posix-error.js'

const lookupRaw: (node: string | null, service: string | null, hints: Buffer, result: Buffer) => number = c(
  'int getaddrinfo(const char *node, const char *service, void *hints, void *res)',
)
const freeRaw: (list: bigint) => void = c('void freeaddrinfo(uint64_t res)')
const strerrorRaw: (error: number) => string = c('const char *gai_strerror(int errcode)')
const strlenRaw: (text: bigint) => number = c('size_t strlen(uint64_t s)')

/** struct addrinfo of the 64-bit systems, glibc's and musl's. */
const ADDRINFO = {
  bytes: 48,
  flags: 0,
  family: 4,
  socktype: 8,
  protocol: 12,
  addrlen: 16,
  addr: 24,
  canonname: 32,
  next: 40,
}

/** What the answers shall be like. 0: any. */
export interface Hints {
  ai_flags: number
  ai_family: number
  ai_socktype: number
  ai_protocol: number
}

/** One answer. */
export interface addrinfo {
  ai_family: number
  ai_socktype: number
  ai_protocol: number
  /** For `bind` and `connect`. */
  ai_addr: SocketAddress
  /** The name's official form, in the first answer, where AI_CANONNAME was given. */
  ai_canonname?: string
}

// netdb.h; the same with glibc and musl
const EAI_NONAME = -2
const EAI_AGAIN = -3
const EAI_FAIL = -4
const EAI_NODATA = -5
const EAI_MEMORY = -10
const EAI_SYSTEM = -11
/** No such name, or none of this family (EAI_ADDRFAMILY). */
const UNKNOWN = new Set([EAI_NONAME, EAI_NODATA, -9])

function errnoOf(error: number): number {
  if (error === EAI_SYSTEM) return lastErrno()
  if (error === EAI_AGAIN) return EAGAIN
  if (error === EAI_MEMORY) return ENOMEM
  return error === EAI_FAIL ? EIO : EINVAL // EAI_FAMILY, EAI_SOCKTYPE, EAI_SERVICE, EAI_BADFLAGS
}

function decode(at: bigint): { answer: addrinfo; next: bigint } {
  const info = memoryAt(at, ADDRINFO.bytes)
  const bytes = info.readUInt32LE(ADDRINFO.addrlen)
  const sockaddr = memoryAt(info.readBigUInt64LE(ADDRINFO.addr), bytes)
  const canonname = info.readBigUInt64LE(ADDRINFO.canonname)
  const answer: addrinfo = {
    ai_family: info.readInt32LE(ADDRINFO.family),
    ai_socktype: info.readInt32LE(ADDRINFO.socktype),
    ai_protocol: info.readInt32LE(ADDRINFO.protocol),
    ai_addr: decodeSockaddr(Buffer.from(sockaddr), bytes),
  }
  if (canonname !== 0n) answer.ai_canonname = memoryAt(canonname, Number(strlenRaw(canonname))).toString('utf8')
  return { answer, next: info.readBigUInt64LE(ADDRINFO.next) }
}

/**
 * Looks up addresses; waits for the answer.
 *
 * @returns all of them, the preferred one first; none when there is no such name
 * @throws {PosixError} EAGAIN (no server has answered), EINVAL (hints or a service that do not fit), EIO, ENOMEM, …; its message ends with
 *   what gai_strerror(3) says
 */
export function getaddrinfo(node: string | null, service: string | null, hints: Hints): addrinfo[] {
  const hint = Buffer.alloc(ADDRINFO.bytes)
  hint.writeInt32LE(hints.ai_flags, ADDRINFO.flags)
  hint.writeInt32LE(hints.ai_family, ADDRINFO.family)
  hint.writeInt32LE(hints.ai_socktype, ADDRINFO.socktype)
  hint.writeInt32LE(hints.ai_protocol, ADDRINFO.protocol)
  const result = Buffer.alloc(8)
  const error = lookupRaw(node, service, hint, result)
  // with neither a name nor a service it says that there is no such name: that is the caller's error
  if (UNKNOWN.has(error) && node !== null) return []
  if (error !== 0)
    throw new PosixError(errnoOf(error), 'getaddrinfo', node === null ? {} : { address: node }, strerrorRaw(error))
  const list = result.readBigUInt64LE()
  const answers: addrinfo[] = []
  for (let at = list; at !== 0n; ) {
    const { answer, next } = decode(at)
    answers.push(answer)
    at = next
  }
  freeRaw(list)
  return answers
}
