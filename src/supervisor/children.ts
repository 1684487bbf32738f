/** The book of a supervisor's children: who was forked, who runs, who was reaped. No system calls. */

import type { SocketAddress } from '../libc/address.js'
import type { Role } from './board-layout.js'

export type { Role } from './board-layout.js'

export interface Child {
  pid: number
  role: Role
  /** Counts from 1 within its role. */
  id: number
  /** The client, for a connection process. */
  peer: SocketAddress | undefined
  startedMs: number
  /** Its place on the scoreboard. */
  slot: number
}

/** Somebody who is told of all children but those of a rehearsal. */
export interface Family {
  /** Once more of one whose client turns out to be another. */
  born(child: Child): void
  /** It was reaped. */
  died(pid: number): void
}

export class Children {
  readonly #family: Family | undefined
  readonly #running = new Map<number, Child>()
  readonly #byRole = new Map<Role, number>()
  /** Children forked by this supervisor since it started. */
  forked = 0
  /** Of these, how many were waited for. `forked` is always `running + reaped`. */
  reaped = 0
  /** Orphans of our children that the kernel gave to us, and that we waited for. */
  adopted = 0

  constructor(family?: Family) {
    this.#family = family
  }

  get running(): number {
    return this.#running.size
  }

  count(role: Role): number {
    return this.#byRole.get(role) ?? 0
  }

  add(child: Child): void {
    this.#family?.born(child)
    this.forked++
    this.#running.set(child.pid, child)
    this.#byRole.set(child.role, this.count(child.role) + 1)
  }

  /** The process with this pid, if it runs. */
  get(pid: number): Child | undefined {
    return this.#running.get(pid)
  }

  /** A proxy has named its client, who is another than who connected. */
  introduce(child: Child, client: SocketAddress): void {
    child.peer = client
    this.#family?.born(child)
  }

  /** Strikes a reaped pid off; undefined when it was not a child that we forked. */
  remove(pid: number): Child | undefined {
    const child = this.#running.get(pid)
    if (child === undefined) {
      this.adopted++
      return undefined
    }
    this.reaped++
    this.#family?.died(pid)
    this.#running.delete(pid)
    this.#byRole.set(child.role, this.count(child.role) - 1)
    return child
  }

  roleOf(pid: number): Role | undefined {
    return this.#running.get(pid)?.role
  }

  has(pid: number): boolean {
    return this.#running.has(pid)
  }

  runs(child: Child): boolean {
    return this.#running.get(child.pid) === child
  }

  all(): IterableIterator<Child> {
    return this.#running.values()
  }
}
