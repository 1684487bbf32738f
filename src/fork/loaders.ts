/**
 * Programs are often started through a loader (`node --import tsx`). Some keep a thread that sleeps while nothing is imported.
 * Here it is said by which name they go, and what is done so that forking beside them is sound.
 */
import { existsSync, readFileSync } from 'node:fs'
import { loadedModules } from '../engine/internals.js'
import { hooksWorker, leaveHooks, prepareToLeaveHooks, programWorkers } from '../engine/module-hooks.js'
import { otherThreads } from '../engine/threads.js'
import { WNOHANG } from '../libc/constants.js'
import { usleep, waitpid } from '../libc/process.js'
import { leaveLoops } from './sleepers.js'

const LOADING_FLAGS = /^(?:--import|--require|-r|--loader|--experimental-loader)(?:=(.*))?$/

/** Modules that Node was told to load before the program. */
function preloads(): string[] {
  const words = [...process.execArgv, ...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/)]
  return words.flatMap((word, index) => {
    const flag = LOADING_FLAGS.exec(word)
    const value = flag === null ? undefined : (flag[1] ?? words[index + 1])
    return value === undefined ? [] : [value]
  })
}

/** `file:///app/node_modules/@scope/name/dist/loader.mjs` is `@scope/name`, and so is `@scope/name/loader`. */
function packageOf(specifier: string): string {
  const path = specifier.replace(/^.*\/node_modules\//, '')
  if (/^(?:[./]|[a-z]+:)/.test(path)) return path
  return path
    .split('/')
    .slice(0, path.startsWith('@') ? 2 : 1)
    .join('/')
}

/** `the loader hooks of tsx` */
export function loaderName(): string {
  const packages = [...new Set(preloads().map(packageOf))]
  return `the loader hooks of ${packages.length === 0 ? 'module.register' : packages.join(', ')}`
}

const explanation = (): string =>
  `Here, in a forked process, ${loaderName()} do not run: their thread stayed in the process that was forked. ` +
  'Import the module there, before the fork (before serve()), or compile it ahead.'

/** esbuild, with which tsx and others compile, keeps a Worker for synchronous calls, and makes a new one when it is next called. */
const ESBUILD = /[\\/]esbuild[\\/]lib[\\/]main\.js$/
const END_MS = 1000
const LOOK_AGAIN_US = 500

/** What each other thread has started. proc_tid_children(5) */
const childrenByThread = (): { folder: string; children: number[] }[] =>
  otherThreads((folder) => {
    const children = readFileSync(`${folder}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
    return { folder, children }
  })

/**
 * Compilers that the program has loaded end their threads; whoever needs them next, here or in a forked process, starts new ones.
 *
 * @returns whether there were any. Node joins them in the next turn of the loop: a process that is forked before that does it too, and where it
 * has started a thread of its own in the same place meanwhile, waits for the end of that one
 */
export function restCompilers(): boolean {
  const modules = loadedModules()
  const compilers = Object.keys(modules).filter((path) => ESBUILD.test(path))
  if (compilers.length === 0 || programWorkers() === 0) return false
  const before = childrenByThread()
  for (const path of compilers) (modules[path]?.exports as { stop?(): void } | undefined)?.stop?.()
  const deadline = performance.now() + END_MS
  const inTime = (): boolean => {
    usleep(LOOK_AGAIN_US)
    return performance.now() < deadline
  }
  const ended = (): typeof before => before.filter(({ folder }) => !existsSync(folder))
  while (ended().length === 0 && inTime());
  // processes of a thread that has ended: Node does not wait for them any more
  const orphans = new Set(ended().flatMap(({ children }) => children))
  while (orphans.size > 0 && inTime())
    for (const pid of orphans) if (waitpid(pid, WNOHANG) !== undefined) orphans.delete(pid)
  return true
}

/** Called before each fork, while V8's threads still run. */
export function restLoaders(): void {
  restCompilers()
  if (hooksWorker() !== undefined) prepareToLeaveHooks(explanation())
}

/** Called in a forked process, before it runs code of the program. */
export function leaveLoaders(): void {
  leaveLoops()
  leaveHooks(explanation())
}
