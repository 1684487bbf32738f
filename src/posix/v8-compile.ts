/** V8's compilers, told what will be hot. Only speed depends on it: what does not work out is left as it is. */
import { setFlagsFromString } from 'node:v8'

// biome-ignore lint/complexity/noBannedTypes: nothing is called here, whatever its signature
export type Compilable = Function

/**
 * Keeps compiled code that has not run for a while, and the hidden classes it was compiled for while no object has them:
 * here both wait for the children that will use them.
 */
export function keepCompiled(): void {
  setFlagsFromString('--no-flush-bytecode')
  setFlagsFromString('--retain-maps-for-n-gc=1000000000')
}

let mark: ((subject: Compilable) => void) | undefined

/** V8's own test language is the only way to ask for it; it is understood from when the flag is set. */
function marker(): (subject: Compilable) => void {
  setFlagsFromString('--allow-natives-syntax')
  try {
    return new Function(
      'subject',
      '%PrepareFunctionForOptimization(subject); %OptimizeFunctionOnNextCall(subject)',
    ) as (subject: Compilable) => void
  } finally {
    setFlagsFromString('--no-allow-natives-syntax')
  }
}

/**
 * Finishes the last collection: V8 would sweep page by page whenever it needs room, in whatever process that is. Taking
 * optimised code back wants a heap that is swept, so that is what is done.
 */
export function finishSweeping(): void {
  if (process.execArgv.includes('--jitless')) return
  const subject = new Function('of', 'return of.length + 1') as (of: unknown) => number
  subject([])
  optimise([subject], () => subject([]))
  subject('another hidden class')
}

/** All methods and accessors of a class but `except`. */
export function methodsOf(subject: Compilable, except: readonly string[] = []): Compilable[] {
  return Object.entries(Object.getOwnPropertyDescriptors(subject.prototype)).flatMap(([name, { value, get }]) =>
    name === 'constructor' || except.includes(name)
      ? []
      : [value, get].filter((method) => typeof method === 'function'),
  )
}

/**
 * Compiles functions to optimised code: the next call of each does it, on the calling thread. They must have run before,
 * in every way that matters. Optimised code counts no calls, and so writes to no page just by running: in a forked
 * process each such write would copy a page.
 *
 * @param run calls what was marked
 */
export function optimise(subjects: readonly Compilable[], run: () => void): void {
  if (process.execArgv.includes('--jitless')) return
  mark ??= marker()
  setFlagsFromString('--opt')
  try {
    for (const subject of subjects) mark(subject)
    run()
  } finally {
    setFlagsFromString('--no-opt')
  }
}
