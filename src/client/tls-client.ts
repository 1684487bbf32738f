/** `tined connect --tls`: TLS by Node, in one process: its two directions cannot be encrypted apart. */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import net from 'node:net'
import tls, { type TLSSocket } from 'node:tls'
import { isatty } from 'node:tty'
import { complain } from '../engine/output/complain.js'
import { PosixError } from '../libc/posix-error.js'
import { EXIT } from '../supervisor/exit-status.js'
import { dial } from './dial.js'
import { reasonOf } from './failure-text.js'
import { type Destination, formatDestination } from './target.js'

export interface TlsChoice {
  /** A file with the certificates of those who are believed, instead of the well-known authorities. */
  ca: string | undefined
  /** Whether anybody is believed. */
  insecure: boolean
}

/** Talks until both sides have ended. Returns the exit status, as the split client. @throws {TypeError} a file that cannot be read */
export async function talkOverTls(destination: Destination, timeoutMs: number, choice: TlsChoice): Promise<number> {
  const name = formatDestination(destination)
  const fatal = (error: Error): void =>
    complain(`tined: fatal: ${name}: ${error instanceof PosixError ? reasonOf(error) : error.message}`)
  const ca = choice.ca === undefined ? undefined : readCa(choice.ca)
  let socket: TLSSocket
  try {
    socket = await shakeHands(destination, timeoutMs, ca, choice.insecure)
  } catch (error) {
    fatal(error as Error)
    return EXIT.system
  }
  if (isatty(0))
    complain(`tined: connected to ${name} over ${socket.getProtocol()}; Ctrl-D ends your side, Ctrl-C leaves`)
  process.stdin.pipe(socket)
  socket.pipe(process.stdout)
  try {
    await once(socket, 'end')
    // nobody at a terminal wants to type on into nowhere
    if (isatty(0)) process.stdin.destroy()
    if (!isatty(0) && !socket.writableFinished) await once(socket, 'finish')
  } catch (error) {
    fatal(error as Error)
    process.stdin.destroy()
    return EXIT.failed
  }
  return EXIT.ok
}

function readCa(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new TypeError(`--tls-ca: ${(error as Error).message}`)
  }
}

async function shakeHands(
  destination: Destination,
  timeoutMs: number,
  ca: Buffer | undefined,
  insecure: boolean,
): Promise<TLSSocket> {
  const { fd } = await dial(destination, { timeoutMs, signal: undefined })
  const host =
    destination.family === 'unix' ? 'localhost' : 'host' in destination ? destination.host : destination.address
  const socket = tls.connect({
    socket: new net.Socket({ fd, allowHalfOpen: true, readable: true, writable: true }),
    host,
    ...(net.isIP(host) === 0 ? { servername: host } : {}),
    ...(ca === undefined ? {} : { ca }),
    rejectUnauthorized: !insecure,
  })
  const signal = timeoutMs > 0 ? { signal: AbortSignal.timeout(timeoutMs) } : {}
  await once(socket, 'secureConnect', signal)
  return socket
}
