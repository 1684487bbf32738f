/** What a wait status means, in words for people. */
import { signalName } from '../libc/signal.js'
import { decodeStatus } from '../libc/wait-status.js'

/** Exit statuses of processes that Tined forks. */
export const EXIT = {
  ok: 0,
  /** The handler threw, or an error was not caught. */
  failed: 1,
  /** The event loop ran empty before the handler had finished; Node's own number for that. */
  unfinished: 13,
  /** The process could not be set up. */
  setup: 70,
  /** There was no room for its threads; another process serves its client. */
  gaveBack: 75,
  /** The supervisor failed in a way that nobody foresaw. */
  crashed: 71,
  /** Misuse: a bad option. */
  misuse: 100,
  /** The system refused: a taken port, a file that cannot be written. */
  system: 111,
} as const

const meanings: Record<number, string> = {
  [EXIT.ok]: 'finished',
  [EXIT.failed]: 'the handler failed',
  [EXIT.unfinished]: 'the event loop was empty before the handler had finished',
  [EXIT.setup]: 'it could not be set up',
  [EXIT.gaveBack]: 'it gave its client back',
  [EXIT.crashed]: 'an unexpected error of Tined itself',
}

/** True when the process ended as it should. */
export const endedWell = (status: number): boolean => status === 0 || status === EXIT.gaveBack << 8

/** `exited with status 1: the handler failed`, `killed by SIGKILL`, `killed by SIGSEGV, core dumped` */
export function describeExit(status: number): string {
  const decoded = decodeStatus(status)
  switch (decoded.type) {
    case 'exited': {
      const meaning = meanings[decoded.code]
      return `exited with status ${decoded.code}${meaning === undefined ? '' : `: ${meaning}`}`
    }
    case 'signaled':
      return `killed by ${signalName(decoded.signal)}${decoded.core ? ', core dumped' : ''}`
    case 'stopped':
      return `stopped by ${signalName(decoded.signal)}`
    case 'continued':
      return 'continued'
  }
}
