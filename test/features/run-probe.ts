/**
 * Runs one probe in a forked child and prints how the child ended, as one line of JSON: `run-probe NAME [--warm]`.
 *
 * Cold, the parent has done nothing before it forks. Warm, it has used most of Node itself and has let go of it again.
 * `--unforked` runs the probe without forking, to see whether it is the fork that matters.
 */
import { parseArgs } from 'node:util'
import { fork } from 'tined'
import { decodeStatus, waitpid } from 'tined/posix'
import { findProbe, probesOf, topics } from './topics.js'

/** Exit codes that no probe expects. */
const FAILED = 70
const UNSETTLED = 71
const PATIENCE_MS = 10_000

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { warm: { type: 'boolean' }, unforked: { type: 'boolean' } },
})
const name = positionals[0] ?? ''

async function runProbe(): Promise<void> {
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

function forkAndReport(): void {
  const pid = fork()
  if (pid === 0) {
    // an ending probe's error must reach Node as the user's own would, not as a rejection of ours
    setImmediate(runProbe)
    return
  }
  const waited = waitpid(pid)
  console.log(`\n${JSON.stringify(waited && decodeStatus(waited.status))}`)
}

const act = values.unforked ? runProbe : forkAndReport
if (values.warm) {
  for (const topic of topics) await probesOf(topic)
  const { warmUp } = await import('./warm-up.js')
  await warmUp()
  process.once('beforeExit', () => setImmediate(act))
} else {
  setImmediate(act)
}
