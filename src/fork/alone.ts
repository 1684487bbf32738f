/** Waits until a process is alone, or as good as alone, for a fork. */
import { readFileSync } from 'node:fs'
import { hooksWorker } from '../engine/module-hooks.js'
import { usleep } from '../libc/process.js'
import { loaderName } from './loaders.js'
import { examineThreads, workersInTheWay, workersSlept } from './other-threads.js'
import { ForkRefused } from './refused.js'
import { noteSleepers } from './sleepers.js'
import { threadsInWords } from './threads-in-words.js'
import { stopForFork } from './way.js'

/** A joined thread stays in /proc/self/task for a moment. */
const THREAD_PATIENCE_MS = 50
/** A thread that libuv has just made bears its maker's name until it first runs, which on a busy machine takes its time. */
const NEWBORN_PATIENCE_MS = 1000
/** What a loader still does right after an import. */
const LOADER_PATIENCE_MS = 1000
/** Between looks at the threads. */
const LOOK_AGAIN_US = 500

/** Threads without names bear it. */
const ownName = (): string => readFileSync('/proc/self/comm', 'utf8').trim()

/**
 * Stops V8's threads at a moment at which nobody else asks them for anything.
 *
 * @throws {ForkRefused} when there is no such moment
 */
export function stopWhenQuiet(): void {
  const workers = workersInTheWay()
  const loaders = hooksWorker() === undefined ? 0 : 1
  if (workers > 0) throw new ForkRefused(...whyNot(new Array<string>(workers + loaders).fill(ownName())))
  if (!stopForFork(workersSlept, LOADER_PATIENCE_MS)) throw new ForkRefused(...whyNot(['a Worker at work']))
}

/**
 * Waits until nothing but threads that hold no lock is left, and notes those of them that must not wake.
 *
 * @throws {ForkRefused} when others stay
 */
export function assertAlone(): void {
  const started = performance.now()
  const own = ownName()
  const patienceMs = (names: readonly string[]): number =>
    names.every((name) => name === own) ? NEWBORN_PATIENCE_MS : THREAD_PATIENCE_MS
  let { foreign, sleeping } = examineThreads()
  while (foreign.length > 0 && performance.now() - started < patienceMs(foreign)) {
    usleep(LOOK_AGAIN_US)
    ;({ foreign, sleeping } = examineThreads())
  }
  noteSleepers(sleeping)
  if (foreign.length > 0) throw new ForkRefused(...whyNot(foreign))
}

function whyNot(foreign: readonly string[]): [reason: string, remedy: string] {
  const reason = threadsInWords(foreign)
  const remedy = 'A lock they hold would stay locked in the child for ever: end Workers and add-on threads first'
  if (hooksWorker() === undefined) return [reason, `${remedy}.`]
  return [
    `${reason}, perhaps that of ${loaderName()}, which is let be while it sleeps`,
    `${remedy}; if it is the loader's, compile ahead and start Node without it.`,
  ]
}
