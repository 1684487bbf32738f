/** V8's flags for what it would do in threads, and its collector. */
import { getHeapCodeStatistics, queryObjects, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * What V8 would hand to its threads and then wait for: optimisation, marking, sweeping. A job posted while none exist is
 * lost, and the end of the event loop spins for it for ever (seen on Node 20 to 26 after garbage collection meanwhile).
 * These may be switched at run time; `--single-threaded-gc` may not.
 */
const GARBAGE = ['incremental-marking', 'concurrent-sweeping']
/** What Node was told, on its command line or in NODE_OPTIONS. */
export const startedWith = (flag: string): boolean =>
  process.execArgv.includes(flag) || (process.env['NODE_OPTIONS'] ?? '').split(/\s+/).includes(flag)
/** A compiler that was off must stay off: switched on under `--jitless` it crashes. */
const compilers = (): string[] => (startedWith('--jitless') ? [] : ['opt', ...(hasMaglev() ? ['maglev'] : [])])
/** On by default since Node 24. */
const hasMaglev = (): boolean => Number(process.versions.node.split('.')[0]) >= 24 || startedWith('--maglev')

export function useThreads(on: boolean): void {
  for (const flag of [...compilers(), ...GARBAGE]) {
    const off = `--no-${flag}`
    if (!startedWith(off)) setFlagsFromString(on ? `--${flag}` : off)
  }
}

/**
 * WebAssembly is compiled in V8's threads, and a job that was posted while there are none is lost: Node's own `fetch` waits for one. On
 * the calling thread the answer is there when the call returns.
 */
export function compileWasmAtOnce(atOnce: boolean): void {
  if (startedWith('--no-wasm-async-compilation')) return
  setFlagsFromString(atOnce ? '--no-wasm-async-compilation' : '--wasm-async-compilation')
}

interface Collection {
  type: 'major'
  flavor: 'last-resort'
}
let collect: ((how?: Collection) => void) | undefined

/**
 * Collects garbage at once and to the end. A marking or sweeping cycle that was under way when the threads ended would
 * wait for them for ever; this finishes it on the calling thread.
 */
export function collectGarbage(): void {
  collector()()
}

/** The same as if there were no more memory: what V8 keeps for later goes too. Since Node 22. */
export function collectAllThereIs(): void {
  collector()({ type: 'major', flavor: 'last-resort' })
}

class Nothing {}

/** The same before Node 22, where only who counts the objects of a class has it done. It takes optimised code with it. */
export function collectAllByCounting(): void {
  const { emitWarning } = process
  // that counting is experimental is of no interest to a user
  process.emitWarning = () => {}
  try {
    queryObjects(Nothing, { format: 'count' })
  } finally {
    process.emitWarning = emitWarning
  }
}

function collector(): (how?: Collection) => void {
  if (collect !== undefined) return collect
  setFlagsFromString('--expose-gc')
  collect = runInNewContext('gc') as (how?: Collection) => void
  setFlagsFromString('--no-expose-gc')
  return collect
}

/**
 * Finishes the last collection: V8 would sweep page by page whenever it needs room, in whatever process that is, and all
 * at once when optimised code gives up. To count the code V8 walks its heap, which it first has to sweep.
 */
export function finishSweeping(): void {
  getHeapCodeStatistics()
}
