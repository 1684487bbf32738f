/** Connections that were accepted and could not be forked for yet: the supervisor's alone until they are. */
import type { Run } from '../fork/descriptors.js'

export class WaitingConnections {
  readonly all: Run[] = []
  readonly #closed: Run[]

  /** @param closed what each connection process closes; a loop over something else would cost each of them */
  constructor(closed: Run[]) {
    this.#closed = closed
  }

  add(fd: number): void {
    for (const list of [this.all, this.#closed]) list.push([fd, fd])
  }

  delete(fd: number): void {
    for (const list of [this.all, this.#closed])
      list.splice(
        list.findIndex(([first, last]) => first === fd && last === fd),
        1,
      )
  }
}
