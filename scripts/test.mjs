/**
 * Runs the test suite on the Node that runs this file: `node scripts/test.mjs [options] [part of a path…]`
 *
 *   --no-skips         fail when a test was skipped for want of something (or TINED_NO_SKIPS=1)
 *   --second-try       run a file that failed once more, alone; what passes then is listed (or TINED_SECOND_TRY=1)
 *   --as-shipped       start every server with all that makes it fast (or TINED_AS_SHIPPED=1): slower, see scripts/test/speed.mjs
 *   --rehearsed        start every server with a rehearsal and frozen memory, as they ship (or TINED_REHEARSED=1): a third more CPU
 *   --without PART     leave out test files with this in their path; repeatable
 *   --concurrency N    test files at a time (two more than cores: tests wait as much as they work)
 *   --file-limit S     seconds after which a file is killed (300)
 *   --limit S          seconds after which the whole run is (900)
 *   --root FOLDER      the checkout to test (this one)
 */
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { discover, uncompiled } from './test/discover.mjs'
import { runFile } from './test/run-file.mjs'
import { speedFor } from './test/speed.mjs'
import { printSummary } from './test/summary.mjs'
import { isWell, judge } from './test/verdict.mjs'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'no-skips': { type: 'boolean', default: process.env['TINED_NO_SKIPS'] === '1' },
    'second-try': { type: 'boolean', default: process.env['TINED_SECOND_TRY'] === '1' },
    'as-shipped': { type: 'boolean', default: process.env['TINED_AS_SHIPPED'] === '1' },
    rehearsed: { type: 'boolean', default: process.env['TINED_REHEARSED'] === '1' },
    without: { type: 'string', multiple: true, default: [] },
    concurrency: { type: 'string', default: String(availableParallelism() + 2) },
    'file-limit': { type: 'string', default: '300' },
    limit: { type: 'string', default: '900' },
    root: { type: 'string', default: fileURLToPath(new URL('..', import.meta.url)) },
  },
})

function refuse(reason) {
  console.error(reason)
  process.exit(1)
}

const files = discover(options.root, positionals).filter(
  ({ source }) => !options.without.some((part) => source.includes(part)),
)
if (files.length === 0) refuse('no test file has that in its path')
const missing = uncompiled(files)
if (missing.length > 0) refuse(`not compiled (npm run build): ${missing.join(', ')}`)

const started = performance.now()
let verdicts = []
/** Passed alone, after a failure beside others. */
const unsteady = []
const timeUp = new AbortController()
const limit = setTimeout(() => timeUp.abort(), Number(options.limit) * 1000)

function report(run, verdict) {
  const well = isWell(verdict)
  const skipped = verdict.declared.length + verdict.undeclared.length
  const counts = `${verdict.tests} tests${skipped > 0 ? `, ${skipped} skipped` : ''}, ${run.seconds.toFixed(1)} s`
  console.log(`${well ? 'ok  ' : 'FAIL'} ${run.source} (${counts})`)
  if (!well) console.log(`${run.output.trimEnd()}\n${verdict.problems.map((problem) => `  ${problem}\n`).join('')}`)
}

async function work(queue) {
  while (queue.length > 0 && !timeUp.signal.aborted) {
    const file = queue.shift()
    const run = await runFile(
      file,
      speedFor(file.source, { asShipped: options['as-shipped'], rehearsed: options.rehearsed }),
      Number(options['file-limit']) * 1000,
      timeUp.signal,
    )
    const verdict = judge(run)
    verdicts.push({ source: file.source, ...verdict })
    report(run, verdict)
  }
}

console.log(`Node ${process.versions.node}: ${files.length} test files, ${options.concurrency} at a time`)
const queue = [...files]
await Promise.all(Array.from({ length: Math.max(1, Number(options.concurrency)) }, () => work(queue)))
if (options['second-try'] && queue.length === 0) {
  for (const { source } of verdicts.filter((verdict) => !isWell(verdict))) {
    if (timeUp.signal.aborted) break
    console.log(`again: ${source}`)
    const failedFirst = verdicts.find((verdict) => verdict.source === source)
    await work(files.filter((file) => file.source === source))
    if (!isWell(verdicts.at(-1))) continue
    verdicts = verdicts.filter((verdict) => verdict !== failedFirst)
    unsteady.push({ source, what: [...failedFirst.failed, ...failedFirst.problems] })
  }
  // of two failures the second one stands
  verdicts = [...new Map(verdicts.map((verdict) => [verdict.source, verdict])).values()]
}
clearTimeout(limit)
for (const { source } of queue)
  verdicts.push({
    source,
    tests: 0,
    passed: 0,
    failed: [],
    declared: [],
    undeclared: [],
    problems: ['not run: the time is up'],
  })

const sum = (count) => verdicts.reduce((total, verdict) => total + count(verdict), 0)
const undeclared = verdicts.flatMap((verdict) => verdict.undeclared)
const badFiles = verdicts.filter((verdict) => !isWell(verdict))
const ok = badFiles.length === 0 && !(options['no-skips'] && undeclared.length > 0)
printSummary(
  {
    tests: sum(({ tests }) => tests),
    passed: sum(({ passed }) => passed),
    failed: sum(({ failed, problems }) => failed.length + problems.length),
    declared: verdicts.flatMap(({ declared }) => declared),
    undeclared,
    unsteady,
    seconds: (performance.now() - started) / 1000,
    ok,
  },
  badFiles,
  options['no-skips'],
)
process.exit(ok ? 0 : 1)
