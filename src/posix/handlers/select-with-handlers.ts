/** select while TypeScript handlers are installed: it reads one descriptor more than the program asked for. */
import type { timespec } from '../../libc/layout/time.js'
import type { Signals } from '../../libc/sigset.js'
import { pselect, type Words } from '../select-call.js'
import { waitWithHandlers } from './interrupted-wait.js'

/** Clears the bits from `nfds` on. */
function cut(words: Int32Array, nfds: number): void {
  const at = nfds >> 5
  if (at >= words.length) return
  words[at] = (words[at] as number) & ((1 << (nfds % 32)) - 1)
  words.fill(0, at + 1)
}

/** The first `nfds` bits of a set, with room for `most`. */
function widened(words: Words, nfds: number, most: number): Int32Array {
  const wide = new Int32Array(2 * Math.ceil(most / 64))
  if (words !== null) wide.set(words.subarray(0, wide.length))
  cut(wide, Math.max(nfds, 0))
  return wide
}

/** @param tell is told what is left of the time */
export function selectWithHandlers(
  syscall: string,
  nfds: number,
  sets: readonly [Words, Words, Words],
  timeout: timespec | null,
  sigmask: Signals | null,
  tell?: (left: timespec) => void,
): number {
  let answers: Int32Array[] = []
  const wait = (signals: number, left: timespec | null): number => {
    const most = Math.max(nfds, signals + 1)
    const [reads, writes, excepts] = sets.map((words) => widened(words, nfds, most)) as [
      Int32Array,
      Int32Array,
      Int32Array,
    ]
    const at = signals >> 5
    const bit = 1 << (signals % 32)
    reads[at] = (reads[at] as number) | bit
    const count = pselect(nfds < 0 ? nfds : most, reads, writes, excepts, left, null)
    const signalled = count > 0 && ((reads[at] as number) & bit) !== 0
    reads[at] = (reads[at] as number) & ~bit
    answers = [reads, writes, excepts]
    return signalled ? count - 1 : count
  }
  const count = waitWithHandlers(syscall, timeout, sigmask, wait, tell)
  sets.forEach((words, index) => {
    if (words === null) return
    words.fill(0, 0, Math.ceil(nfds / 32))
    if (count > 0) words.set((answers[index] as Int32Array).subarray(0, Math.ceil(nfds / 32)))
  })
  return count
}
