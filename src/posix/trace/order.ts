/**
 * Lines in the order of cause and effect: what lets a call of another process return (a write, a signal, a fork) is said before that
 * process can say what it was told. One lock for all processes that were forked from one another, in shared memory.
 */
import { sharedMemory } from '../../libc/memory.js'
import { getpid, usleep } from '../../libc/process.js'

const memory = sharedMemory(4096)
/** The process that has the lock; 0 for none. */
const owner = new Int32Array(memory.buffer, memory.byteOffset, 1)

/** A call may wait for the very process that waits for the lock, or its process may have been killed: then the order is given up. */
const PATIENCE_MS = 50
const STEP_US = 100

function take(pid: number): boolean {
  const since = performance.now()
  while (Atomics.compareExchange(owner, 0, 0, pid) !== 0) {
    if (performance.now() - since > PATIENCE_MS) return false
    usleep(STEP_US)
  }
  return true
}

/** Runs `act` at its turn; inside of another one at once. A process that is forked meanwhile waits for its parent's line. */
export function inTurn<Result>(act: () => Result): Result {
  const pid = getpid()
  const taken = Atomics.load(owner, 0) !== pid && take(pid)
  try {
    return act()
  } finally {
    if (taken && getpid() === pid) Atomics.store(owner, 0, 0)
  }
}
