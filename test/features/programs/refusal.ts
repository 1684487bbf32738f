/**
 * Forks while something is in the way, then once more when it is gone, and prints a line of JSON for each:
 * `refusal CASE`. A refusal is `{ code, reason, remedy }`, a fork `{ exited }` with the code of the child.
 */

import { fork } from '../../../src/fork/fork.js'
import { ForkRefused } from '../../../src/fork/safety.js'
import { _exit, waitpid } from '../../../src/libc/process.js'
import { decodeStatus } from '../../../src/libc/wait-status.js'
import { obstacles } from './obstacles.js'

const CHILD_CODE = 33

function tryToFork(): void {
  try {
    const pid = fork()
    if (pid === 0) _exit(CHILD_CODE)
    const waited = waitpid(pid)
    const status = waited && decodeStatus(waited.status)
    console.log(JSON.stringify({ exited: status?.type === 'exited' ? status.code : status }))
  } catch (error) {
    if (!(error instanceof ForkRefused)) throw error
    const { code, reason, remedy } = error
    console.log(JSON.stringify({ code, reason, remedy }))
  }
}

const name = process.argv[2] ?? ''
const build = obstacles[name]
if (build === undefined) throw new Error(`no obstacle is named '${name}'`)
const obstacle = await build()

process.once('beforeExit', () => setImmediate(tryToFork))
if (obstacle.forkWithin === undefined) {
  setImmediate(async () => {
    tryToFork()
    await obstacle.remove()
  })
} else {
  await obstacle.forkWithin(tryToFork)
}
