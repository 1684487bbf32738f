/**
 * A pipe by which the supervisor tells all connection processes at once that it drains: it closes the only writing end. Whoever wants to
 * know watches the other; for everybody else it is a descriptor more.
 */
import { O_CLOEXEC, O_NONBLOCK } from '../../../libc/constants.js'
import { close, pipe2 } from '../../../libc/fd.js'
import { READABLE, type Reactor } from '../../../reactor/reactor.js'
import type { Drain } from '../../connection/drain.js'

export class DrainPipe implements Drain {
  #readEnd = -1
  #writeEnd = -1

  /** In the supervisor. Returns its ends: only connection processes have the first, only the supervisor has the second. */
  open(): readonly [readEnd: number, writeEnd: number] {
    const ends = pipe2(O_CLOEXEC | O_NONBLOCK)
    ;[this.#readEnd, this.#writeEnd] = ends
    return ends
  }

  /** In the supervisor. */
  begin(): void {
    if (this.#writeEnd >= 0) close(this.#writeEnd)
    this.#writeEnd = -1
  }

  listen(reactor: Reactor, told: () => void): () => void {
    if (this.#readEnd < 0) return () => {}
    const watch = reactor.watch(this.#readEnd, READABLE, () => {
      watch.stop()
      told()
    })
    return () => watch.stop()
  }
}
