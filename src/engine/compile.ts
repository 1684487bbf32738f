/** V8's compilers, told what will be hot. Only speed depends on it: what does not work out is left as it is. */
import { setFlagsFromString } from 'node:v8'

// biome-ignore lint/complexity/noBannedTypes: nothing is called here, whatever its signature
export type Compilable = Function

type Ask = (subject: Compilable) => void

/**
 * A word of V8's own test language, which is the only way to ask for these things; it is understood while the flag is set.
 * One that this V8 does not have does nothing.
 */
export function wordOfV8(word: string): Ask {
  setFlagsFromString('--allow-natives-syntax')
  try {
    return new Function('subject', `%${word}(subject)`) as Ask
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return () => {}
  } finally {
    setFlagsFromString('--no-allow-natives-syntax')
  }
}

const kept: unknown[] = []

/** Optimised code goes, and the shape of an object, when the last object goes that they were made for: these stay. */
export const keep = (...objects: readonly unknown[]): void => void kept.push(...objects)

const able = (): boolean => !process.execArgv.includes('--jitless')
let prepare: Ask | undefined
let lazily: Ask | undefined
let mark: Ask | undefined
let unmake: Ask | undefined

/** What V8's and Node's own functions, a bound one and a Proxy are when written out. */
const NATIVE = /\{ \[native code\] \}$/

/** Those that are written in JavaScript: V8 ends the process that asks it to compile another. */
const written = (subjects: readonly Compilable[]): Compilable[] =>
  subjects.filter((subject) => !NATIVE.test(Function.prototype.toString.call(subject)))

/** Makes V8 take notes of what functions are called with, from the first call on: `optimise` needs them. */
export function observe(subjects: readonly Compilable[]): void {
  if (!able()) return
  prepare ??= wordOfV8('PrepareFunctionForOptimization')
  for (const subject of written(subjects)) prepare(subject)
}

/**
 * Compiles functions that nobody has called, to bytecode, as their first call would. To baseline code would be worse: it takes notes of all
 * that it meets, from the first call on, and each child would take them anew.
 */
export function compileUncalled(subjects: readonly Compilable[]): void {
  if (!able()) return
  lazily ??= wordOfV8('CompileLazy')
  for (const subject of written(subjects)) lazily(subject)
}

/** All methods and accessors of a class but `except`. */
export const methodsOf = (subject: Compilable, except: readonly PropertyKey[] = []): Compilable[] =>
  methodsNamed(
    subject,
    Reflect.ownKeys(subject.prototype).filter((name) => name !== 'constructor' && !except.includes(name)),
  )

/** Methods and accessors of a class. */
export const methodsNamed = (subject: Compilable, names: readonly PropertyKey[]): Compilable[] =>
  names.flatMap((name) => {
    const { value, get } = Object.getOwnPropertyDescriptor(subject.prototype, name) as PropertyDescriptor
    return [value, get].filter((method) => typeof method === 'function')
  })

/**
 * Compiles functions to optimised code: the next call of each does it, on the calling thread. They must have been observed,
 * and have run since in every way that matters. Optimised code counts no calls, and so writes to no page just by running: in a forked
 * process each such write would copy a page. Each is compiled for itself: what was only ever made part of others would
 * still wait to be compiled, in every child.
 *
 * @param run calls what was marked
 */
export function optimise(subjects: readonly Compilable[], run: () => void): void {
  if (!able()) return
  compile(subjects, '--no-turbo-inlining', run)
}

/**
 * Compiles functions that are optimised already once more, this time with what they call made part of them, so that a
 * function that nobody could name to `optimise` is optimised too.
 */
export function optimiseWhole(subjects: readonly Compilable[], run: () => void): void {
  if (!able()) return
  unmake ??= wordOfV8('DeoptimizeFunction')
  for (const subject of written(subjects)) unmake(subject)
  compile(subjects, '--max-inlined-bytecode-size-cumulative=4000', run)
}

function compile(subjects: readonly Compilable[], inlining: string, run: () => void): void {
  mark ??= wordOfV8('OptimizeFunctionOnNextCall')
  setFlagsFromString('--opt')
  setFlagsFromString(inlining)
  try {
    for (const subject of written(subjects)) mark(subject)
    run()
  } finally {
    setFlagsFromString('--turbo-inlining')
    setFlagsFromString('--no-opt')
  }
}
