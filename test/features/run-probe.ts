/**
 * Runs probes one after the other, each in a forked child of its own, and prints how the child ended and what it left in the process
 * group, as one line of JSON: `run-probe NAME… [--warm]`. On standard error a line with the name comes before.
 *
 * Cold, the parent has done nothing before it forks. Warm, it has used most of Node itself and has let go of it again.
 * `--unforked` runs the one probe without forking, to see whether it is the fork that matters.
 */
import { parseArgs } from 'node:util'
import { fork } from 'tined'
import { close, decodeStatus, dup2, getpgid, pipe, usleep, waitpid, write } from 'tined/posix'
import { type Member, membersOf } from './group.js'
import { STANDARD_INPUT } from './probe.js'
import { findProbe, probesOf, topics } from './topics.js'

/** Exit codes that no probe expects. */
const FAILED = 70
const UNSETTLED = 71
const PATIENCE_MS = 10_000
/** A program that a probe has killed needs a moment to go. */
const LEAVE_MS = 1000
/** Of what a probe printed on standard error, when there are several. */
const HEAD = '=== '

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { warm: { type: 'boolean' }, unforked: { type: 'boolean' } },
})

async function runProbe(name: string): Promise<void> {
  const deadline = setTimeout(() => {
    const alive = process.getActiveResourcesInfo().join(', ')
    console.error(`not settled after ${PATIENCE_MS} ms; alive: ${alive}`)
    process.exit(UNSETTLED)
  }, PATIENCE_MS)
  const probe = await findProbe(name)
  // a loop that ends while the probe still waits must not look like success
  if (probe.expect === undefined) process.exitCode = UNSETTLED
  // an unsettled ending probe must be able to end by itself
  else deadline.unref()
  try {
    await probe.run()
  } catch (error) {
    console.error(error)
    process.exit(FAILED)
  }
  clearTimeout(deadline)
  if (probe.expect === undefined) process.exitCode = undefined
}

/** Each reads its own: what an earlier one has taken would be missing. */
function renewInput(): void {
  const [read, written] = pipe()
  write(written, STANDARD_INPUT)
  close(written)
  dup2(read, 0)
  close(read)
}

/** Those of this process's group that do not go by themselves. */
function leftInGroup(): Member[] {
  const deadline = performance.now() + LEAVE_MS
  for (;;) {
    const others = membersOf(getpgid()).filter(({ pid }) => pid !== process.pid)
    if (others.length === 0 || performance.now() > deadline) return others
    usleep(10_000)
  }
}

function forkEach(): void {
  for (const name of positionals) {
    if (positionals.length > 1) {
      renewInput()
      write(2, `${HEAD}${name}\n`)
    }
    const pid = fork()
    if (pid === 0) {
      // an ending probe's error must reach Node as the user's own would, not as a rejection of ours
      setImmediate(runProbe, name)
      return
    }
    const waited = waitpid(pid)
    const left = leftInGroup()
    for (const each of left) process.kill(each.pid, 'SIGKILL')
    const leftover = left.map(({ words }) => words)
    console.log(`\n${JSON.stringify({ ...(waited && decodeStatus(waited.status)), leftover })}`)
  }
}

const act = values.unforked ? () => runProbe(positionals[0] ?? '') : forkEach
if (values.warm) {
  for (const topic of topics) await probesOf(topic)
  const { warmUp } = await import('./warm-up.js')
  await warmUp()
  process.once('beforeExit', () => setImmediate(act))
} else {
  setImmediate(act)
}
