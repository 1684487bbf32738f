/** A fork for trial: whether a copy of this process works, on this Node and kernel. */
import { SIGKILL, WNOHANG } from '../libc/constants.js'
import { _exit, type Reaped, trySignal, usleep, waitpid } from '../libc/process.js'
import { decodeStatus } from '../libc/wait-status.js'
import { forkBeside } from './sleepers.js'

const TRIAL_MS = 2000
const LOOK_AGAIN_US = 100

let passed = false

/**
 * Forks once in a process's life: the child makes V8 collect garbage without threads, and must exit 0 in time.
 *
 * @returns what is wrong; undefined when nothing is
 */
export function tryFork(): string | undefined {
  if (passed) return undefined
  const pid = forkBeside()
  if (pid === 0) _exit(exerciseHeap() ? 0 : 1)
  const how = outcomeOf(pid)
  passed = how === undefined
  return passed ? undefined : `a trial fork ${how}`
}

/** What is wrong with the child of a trial, which has ended then; undefined when nothing is. */
function outcomeOf(pid: number): string | undefined {
  const deadline = performance.now() + TRIAL_MS
  let waited: Reaped | undefined
  try {
    waited = waitpid(pid, WNOHANG)
    while (waited === undefined && performance.now() < deadline) {
      usleep(LOOK_AGAIN_US) // so that a single core gets to the child
      waited = waitpid(pid, WNOHANG)
    }
  } finally {
    if (waited === undefined) {
      trySignal(pid, SIGKILL)
      waitpid(pid)
    }
  }
  if (waited === undefined) return `hung for ${TRIAL_MS} ms`
  const status = decodeStatus(waited.status)
  if (status.type === 'signaled') return `died of signal ${status.signal}`
  return status.type === 'exited' && status.code === 0 ? undefined : 'computed nonsense'
}

function exerciseHeap(): boolean {
  let kept: { text: string }[] = []
  for (let round = 0; round < 30_000; round++) {
    kept.push({ text: `x${round}` })
    if (kept.length > 2_000) kept = []
  }
  return JSON.parse(JSON.stringify({ a: [1, 'b'] })).a[1] === 'b' && /(\d+)-\1/.test('42-42')
}
