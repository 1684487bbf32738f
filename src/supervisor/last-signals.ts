/** The signals that a supervisor has sent and was sent, at the head of its scoreboard: the last ones, and how many of each. */
import { getpid, type Signalled, trySignal } from '../libc/process.js'
import { MAX_SIGNAL } from '../libc/sigset.js'
import {
  FIRST_SIGNAL,
  KEPT_SIGNALS,
  SIGNAL_AT_MS,
  SIGNAL_COUNTS,
  SIGNAL_FROM,
  SIGNAL_NUMBER,
  SIGNAL_TO,
  SIGNAL_WORDS,
  SIGNALS,
} from './board-layout.js'

export class LastSignals {
  readonly #head: Float64Array

  /** @param head of the scoreboard */
  constructor(head: Float64Array) {
    this.#head = head
  }

  /** Sends one, and notes it. As `trySignal` */
  send(pid: number, signal: number): Signalled {
    const became = trySignal(pid, signal)
    if (became === 'sent') this.note(signal, getpid(), pid)
    return became
  }

  /** One came to this process. @param from who has sent it, as a signalfd has it: 0 where the kernel does not tell */
  came(signal: number, from: number): void {
    this.note(signal, from, getpid())
  }

  note(signal: number, from: number, to: number): void {
    const head = this.#head
    const count = head[SIGNALS] as number
    const first = FIRST_SIGNAL + (count % KEPT_SIGNALS) * SIGNAL_WORDS
    head[first + SIGNAL_NUMBER] = signal
    head[first + SIGNAL_FROM] = from
    head[first + SIGNAL_TO] = to
    head[first + SIGNAL_AT_MS] = Date.now()
    head[SIGNAL_COUNTS + signal] = (head[SIGNAL_COUNTS + signal] as number) + 1
    // last: whoever reads meanwhile takes what is whole
    head[SIGNALS] = count + 1
  }

  /** Rehearsals are not remembered. */
  forget(): void {
    this.#head.fill(0, FIRST_SIGNAL, SIGNAL_COUNTS + MAX_SIGNAL + 1)
    this.#head[SIGNALS] = 0
  }
}
