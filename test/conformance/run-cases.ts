/** Runs the cases of a topic one after another, each in a child, and prints a line of JSON for each. */
import { readdirSync } from 'node:fs'
import { inspect } from 'node:util'
import { PR_SET_CHILD_SUBREAPER } from '../../src/libc/constants.js'
import { PollSet } from '../../src/libc/poll.js'
import * as posix from '../../src/posix/index.js'
import { childrenOf } from '../harness/proc.js'
import type { Cases, Result } from './case.js'

const LIMIT_MS = 15_000
const { cases } = (await import(`./cases/${process.argv[2]}.js`)) as { cases: Cases }

const descriptors = (): number => readdirSync('/proc/self/fd').length

/** Everything that can be read from `fd`. */
function readAll(fd: number): string {
  const parts: Buffer[] = []
  const buffer = Buffer.alloc(65_536)
  for (let taken = posix.read(fd, buffer); taken; taken = posix.read(fd, buffer))
    parts.push(Buffer.from(buffer.subarray(0, taken)))
  return Buffer.concat(parts).toString()
}

/** A case is over when its process has ended; then there must be nothing of it left. */
function judge(pid: number, report: number): string | undefined {
  const pidfd = posix.pidfd_open(pid)
  const set = new PollSet()
  set.add(pidfd, posix.POLLIN)
  const inTime = set.poll(LIMIT_MS) > 0
  posix.close(pidfd)
  if (!inTime) posix.kill(pid, posix.SIGKILL)
  const { status } = posix.waitpid(pid)
  // orphans are ours: this process is a subreaper
  const left = childrenOf(process.pid)
  for (const child of left) {
    posix.kill(child, posix.SIGKILL)
    posix.waitpid(child)
  }
  if (!inTime) return `not within ${LIMIT_MS} ms`
  const error = readAll(report)
  if (error !== '') return error
  if (status !== 0) return `ended with ${inspect(posix.decodeStatus(status))}`
  return left.length > 0 ? `left ${left.length} processes behind` : undefined
}

function runOne(name: string, run: () => void): Result {
  const before = descriptors()
  const [readEnd, writeEnd] = posix.pipe2(posix.O_CLOEXEC)
  const pid = posix.fork(() => {
    posix.close(readEnd)
    try {
      run()
      return 0
    } catch (error) {
      posix.write(writeEnd, Buffer.from(inspect(error)))
      return 1
    }
  })
  posix.close(writeEnd)
  const error = judge(pid, readEnd)
  posix.close(readEnd)
  if (error !== undefined) return { name, error }
  const leaked = descriptors() - before
  return leaked === 0 ? { name } : { name, error: `${leaked} descriptors leaked in the parent` }
}

posix.main(() => {
  posix.prctl(PR_SET_CHILD_SUBREAPER, 1)
  for (const [name, run] of Object.entries(cases)) console.log(JSON.stringify(runOne(name, run)))
})
