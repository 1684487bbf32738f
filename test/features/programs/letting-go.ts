/**
 * Forks while something is open: `letting-go CASE`. The child has nothing to do and ends by itself, unless what was open keeps it.
 * Prints how the child ended; the parent then takes what was open out of the way, which it could not if it were broken.
 */
import { fork } from '../../../src/fork/fork.js'
import { waitpid } from '../../../src/libc/process.js'
import { decodeStatus } from '../../../src/libc/wait-status.js'
import { obstacles } from './obstacles.js'

const build = obstacles[process.argv[2] ?? '']
if (build === undefined) throw new Error(`nothing is named '${process.argv[2]}'`)
const open = await build()

setImmediate(async () => {
  const pid = fork()
  if (pid === 0) {
    process.exitCode = 33
    return
  }
  const waited = waitpid(pid)
  const status = waited && decodeStatus(waited.status)
  await open.remove()
  console.log(JSON.stringify({ exited: status?.type === 'exited' ? status.code : status }))
})
