/** From a destination to a connected descriptor: non-blocking connect(2), one address after another. */
import { formatAddress, type SocketAddress } from '../libc/address.js'
import {
  EAGAIN,
  ETIMEDOUT,
  IPPROTO_TCP,
  SOCK_CLOEXEC,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  TCP_NODELAY,
} from '../libc/constants.js'
import { close } from '../libc/fd.js'
import { PosixError } from '../libc/posix-error.js'
import { connect, setsockopt, socket, socketError } from '../libc/socket.js'
import { WRITABLE } from '../reactor/reactor.js'
import { BackOff } from '../supervisor/back-off.js'
import { lookup } from './lookup.js'
import { clientReactor } from './shared-reactor.js'
import { type Destination, formatDestination } from './target.js'

export interface DialOptions {
  /** For all of it, names included, in milliseconds; 0 for the kernel's own patience, about two minutes an address. */
  timeoutMs: number
  signal: AbortSignal | undefined
}

/** A connection that was made. The descriptor is non-blocking and the caller's to close. */
export interface Dialled {
  fd: number
  peer: SocketAddress
}

/**
 * Connects to the first address that answers.
 *
 * @throws {PosixError} of the last address; `cause` is that of the one before it. Or the signal's reason
 */
export async function dial(destination: Destination, { timeoutMs, signal }: DialOptions): Promise<Dialled> {
  signal?.throwIfAborted()
  const deadline = timeoutMs > 0 ? performance.now() + timeoutMs : Number.POSITIVE_INFINITY
  const limits = { deadline, signal, name: formatDestination(destination) }
  const addresses = await within(limits, lookup(destination))
  let failure: PosixError | undefined
  for (const [index, peer] of addresses.entries()) {
    const leftMs = deadline - performance.now()
    // an address that never answers must leave time for those after it
    const shareMs = leftMs / (addresses.length - index)
    try {
      return { fd: await attempt(peer, { ...limits, deadline: performance.now() + shareMs }), peer }
    } catch (error) {
      if (!(error instanceof PosixError)) throw error
      failure = failure === undefined ? error : Object.assign(error, { cause: failure })
    }
  }
  throw failure
}

interface Limits {
  /** On the clock of performance.now(). */
  deadline: number
  signal: AbortSignal | undefined
  /** What error messages call it. */
  name: string
}

/** Settles as `work` does, or at the deadline, or when aborted. What still comes of `work` then is dropped. */
function within<Value>({ deadline, signal, name }: Limits, work: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = Number.isFinite(deadline)
      ? setTimeout(
          () => settle(() => reject(new PosixError(ETIMEDOUT, 'connect', { address: name }))),
          leftMs(deadline),
        )
      : undefined
    const aborted = (): void => settle(() => reject(signal?.reason))
    const settle = (how: () => void): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', aborted)
      how()
    }
    signal?.addEventListener('abort', aborted)
    work.then(
      (value) => settle(() => resolve(value)),
      (error) => settle(() => reject(error)),
    )
  })
}

const leftMs = (deadline: number): number => Math.max(0, Math.ceil(deadline - performance.now()))

/** One address. */
async function attempt(peer: SocketAddress, limits: Limits): Promise<number> {
  const fd = socket(peer, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC)
  const connecting = new Connecting(fd, peer)
  try {
    await within({ ...limits, name: formatAddress(peer) }, connecting.made)
    // a line at a time is what clients send: none waits for the answer to the one before
    if (peer.family !== 'unix') setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, 1)
    return fd
  } catch (error) {
    connecting.giveUp()
    close(fd)
    throw error
  }
}

/** A unix listener whose queue is full is asked again this soon, then less often. */
const ASK_AGAIN_MS = 1
const ASK_SELDOM_MS = 50

/** A connect(2) under way. */
class Connecting {
  readonly made: Promise<void>
  readonly #fd: number
  readonly #peer: SocketAddress
  readonly #backOff = new BackOff(ASK_AGAIN_MS, ASK_SELDOM_MS)
  #resolve: () => void = () => {}
  #reject: (error: unknown) => void = () => {}
  #stop = (): void => {}

  constructor(fd: number, peer: SocketAddress) {
    this.#fd = fd
    this.#peer = peer
    this.made = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    this.#start()
  }

  giveUp(): void {
    this.#stop()
  }

  #start(): void {
    try {
      if (connect(this.#fd, this.#peer)) this.#resolve()
      else this.#await()
    } catch (error) {
      // connect(2): a unix socket cannot be waited for, only asked again
      if ((error as PosixError).errno === -EAGAIN && this.#peer.family === 'unix') this.#askLater()
      else this.#reject(error)
    }
  }

  #askLater(): void {
    const timer = setTimeout(() => this.#start(), this.#backOff.failed())
    this.#stop = () => clearTimeout(timer)
  }

  #await(): void {
    const watch = clientReactor().watch(this.#fd, WRITABLE, () => {
      watch.stop()
      this.#stop = () => {}
      const errno = socketError(this.#fd)
      if (errno === 0) this.#resolve()
      else this.#reject(new PosixError(errno, 'connect', { address: formatAddress(this.#peer) }))
    })
    this.#stop = () => watch.stop()
  }
}
