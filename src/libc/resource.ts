/** Resource limits. */
import { c } from './ffi.js'
import { check } from './posix-error.js'

const prlimitRaw: (pid: number, resource: number, next: Buffer | null, old: Buffer | null) => number = c(
  'int prlimit(int pid, int resource, void *new_limit, void *old_limit)',
)

/** A limit; `Infinity` for RLIM_INFINITY. */
export interface Limit {
  soft: number
  hard: number
}

const INFINITY = 0xffff_ffff_ffff_ffffn
const decode = (value: bigint): number => (value === INFINITY ? Number.POSITIVE_INFINITY : Number(value))
const encode = (value: number): bigint => (Number.isFinite(value) ? BigInt(value) : INFINITY)

/** getrlimit(2) */
export function getrlimit(resource: number): Limit {
  const old = Buffer.alloc(16)
  check(prlimitRaw(0, resource, null, old), 'getrlimit')
  return { soft: decode(old.readBigUInt64LE(0)), hard: decode(old.readBigUInt64LE(8)) }
}

/** setrlimit(2). @throws {PosixError} EPERM when the hard limit would rise without the right to */
export function setrlimit(resource: number, limit: Limit): void {
  const next = Buffer.alloc(16)
  next.writeBigUInt64LE(encode(limit.soft), 0)
  next.writeBigUInt64LE(encode(limit.hard), 8)
  check(prlimitRaw(0, resource, next, null), 'setrlimit')
}
