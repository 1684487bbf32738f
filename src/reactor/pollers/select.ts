/** select(2): one bit a descriptor. Each wait costs as much as the largest descriptor is large. */
import { SelectSet } from '../../libc/select-set.js'
import type { Poller } from '../poller.js'
import { READABLE, WRITABLE } from '../reactor.js'
import { ReadyList } from './ready-list.js'

export class SelectPoller implements Poller {
  readonly descriptor = undefined
  readonly #set = new SelectSet()
  readonly #found = new ReadyList()

  set(fd: number, interest: number): void {
    this.#set.set(fd, (interest & READABLE) !== 0, (interest & WRITABLE) !== 0)
  }

  forget(fd: number): void {
    this.#set.set(fd, false, false)
  }

  wait(timeoutMs: number): number {
    const set = this.#set
    const found = this.#found
    found.length = 0
    let left = set.select(timeoutMs)
    for (let word = 0; left > 0 && word < set.words; word++) {
      const reads = set.readable(word)
      const writes = set.writable(word)
      for (let bits = reads | writes; bits !== 0; ) {
        const bit = bits & -bits
        bits ^= bit
        const readiness = (reads & bit ? READABLE : 0) | (writes & bit ? WRITABLE : 0)
        left -= readiness === (READABLE | WRITABLE) ? 2 : 1
        found.add(word * 32 + 31 - Math.clz32(bit), readiness)
      }
    }
    return found.length
  }

  fd(index: number): number {
    return this.#found.fd(index)
  }

  readiness(index: number): number {
    return this.#found.readiness(index)
  }

  close(): void {
    // nothing of the kernel's is held
  }
}
