/**
 * A pipe by which a worker wakes another that shares its listener. EPOLLEXCLUSIVE wakes one worker for a client; when that one is full
 * before it has taken all who wait, another must be told, because nothing would wake it before the next client.
 */
import { O_CLOEXEC, O_NONBLOCK } from '../../../libc/constants.js'
import { pipe2, read, write } from '../../../libc/fd.js'
import { READABLE, type Reactor, type Watch } from '../../../reactor/reactor.js'

const stroke = Buffer.from('.')
const strokes = Buffer.alloc(64)

/** Made before the first fork, kept by the supervisor for workers that start again. */
export class WakePipe {
  readonly #ends = pipe2(O_CLOEXEC | O_NONBLOCK)

  /** For workers only. */
  get descriptors(): readonly number[] {
    return this.#ends
  }

  /** Whoever listens hears it; who hears it first takes the stroke. A full pipe has been rung often enough. */
  ring(): void {
    write(this.#ends[1], stroke)
  }

  listen(reactor: Reactor, heard: () => void): Watch {
    const [readEnd] = this.#ends
    return reactor.watch(readEnd, READABLE, () => {
      if (read(readEnd, strokes) !== undefined) heard()
    })
  }
}
