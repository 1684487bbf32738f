/** Tries to fork in a Worker thread, then in the main thread once it has ended. Prints a line for each. */
import { once } from 'node:events'
import { isMainThread, Worker } from 'node:worker_threads'
import { fork } from '../../../src/fork/fork.js'
import { ForkRefused } from '../../../src/fork/safety.js'
import { _exit, waitpid } from '../../../src/libc/process.js'

function attempt(): void {
  try {
    const pid = fork()
    if (pid === 0) _exit(33)
    console.log(JSON.stringify({ exited: (waitpid(pid)?.status ?? 0) >> 8 }))
  } catch (error) {
    if (!(error instanceof ForkRefused)) throw error
    const { code, reason, remedy } = error
    console.log(JSON.stringify({ code, reason, remedy }))
  }
}

if (isMainThread) {
  await once(new Worker(new URL(import.meta.url)), 'exit')
  process.once('beforeExit', () => setImmediate(attempt))
} else {
  setImmediate(attempt)
}
