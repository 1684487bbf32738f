/**
 * The thread on which Node runs the hooks of `module.register`, and how a forked process, which lacks it, does without. Hooks of
 * `module.registerHooks` run on the main thread and need none of this.
 */
import { Worker } from 'node:worker_threads'
import { getpid } from '../libc/process.js'
import { instancesOf } from './instances.js'
import { type InternalRequire, internalRequire } from './internals.js'

// biome-ignore lint/suspicious/noExplicitAny: forwards whatever arguments the wrapped function takes
type Post = (this: Worker, ...message: any[]) => void

const prototype = Worker.prototype as unknown as { postMessage: Post }

/** Thrown into Node's question to the hooks, which so is never asked. */
const NOT_ASKED = new Error('not asked')

/** How to get at Node's loader; undefined as long as nobody had to, or where this Node does not let us. */
let nodes: InternalRequire | undefined
let hooks: Worker | undefined
/** The process that the hooks' thread lives in. */
let home = 0

/**
 * The Worker that runs the hooks, as Node calls it; undefined when no hooks were registered. It never ends. Found without waking it:
 * a resolution is its only task that can be asked for at any time, and asks through `postMessage`.
 */
export function hooksWorker(): Worker | undefined {
  if (hooks !== undefined) return home === getpid() ? hooks : undefined
  const post = prototype.postMessage
  prototype.postMessage = function () {
    hooks = this
    throw NOT_ASKED
  }
  try {
    resolveAnything()
  } catch {
    // NOT_ASKED, or this Node is made in another way than we know: then a loader's thread is refused like any other
  } finally {
    prototype.postMessage = post
  }
  if (hooks !== undefined) home = getpid()
  return hooks
}

/** Where a loader has made CommonJS of this file, `import.meta` is not what it was. */
function resolveAnything(): void {
  if (typeof import.meta.resolve === 'function') {
    import.meta.resolve('node:fs')
    return
  }
  nodes ??= internalRequire()
  const loader = loaderOf(nodes)
  if (loader.setCustomizations === undefined) loader.resolveSync(undefined, { specifier: 'node:fs' })
  else loader.resolveSync('node:fs', undefined)
}

/** Whether Node waits for hooks to answer: an `import()` is under way. */
export const importsUnderWay = (): boolean =>
  hooksWorker() !== undefined && process.getActiveResourcesInfo().includes('MessagePort')

/** Workers that this thread has started and that have not ended, referenced or not; the one of the hooks is among them. */
export const livingWorkers = (): Worker[] => instancesOf(Worker.prototype).filter(({ threadId }) => threadId > 0)

/** How many of them are the program's. */
export const programWorkers = (): number => livingWorkers().filter((worker) => worker !== hooks).length

/** Node's loader, as far as we touch it. */
interface Loader {
  import(this: unknown, ...question: unknown[]): Promise<unknown>
  /** Node 20 and 22: a specifier and whose it is; later the other way round. */
  resolveSync(...question: unknown[]): unknown
  /** Node 20 and 22 */
  setCustomizations?(none: undefined): void
}

const LOADER = 'internal/modules/esm/loader'
/** Node 24 and later: the class of objects that ask the thread. Without these two methods the loader does not ask. */
const HOOKS = 'internal/modules/esm/hooks'
const PROXY = 'AsyncLoaderHooksProxiedToLoaderHookWorker'

let guarded = false

const loaderOf = (nodes: InternalRequire): Loader =>
  (nodes(LOADER) as { getOrInitializeCascadedLoader(): Loader }).getOrInitializeCascadedLoader()

/**
 * Called where the hooks are, before a fork. Whoever asks them in a forked process is told at once instead of waiting for ever.
 *
 * @param explanation for an error's message
 */
export function prepareToLeaveHooks(explanation: string): void {
  if (guarded || hooksWorker() === undefined) return
  guarded = true
  const post = prototype.postMessage
  prototype.postMessage = function (...message) {
    if (this === hooks && getpid() !== home) throw new Error(explanation)
    return post.apply(this, message)
  }
  try {
    nodes ??= internalRequire()
  } catch {
    // then every late import fails, with the explanation
  }
}

/** Errors of an import that hooks may have been to prevent. */
const WANTED_HOOKS = new Set([
  'ERR_MODULE_NOT_FOUND',
  'ERR_UNKNOWN_FILE_EXTENSION',
  'ERR_UNKNOWN_MODULE_FORMAT',
  'ERR_UNSUPPORTED_DIR_IMPORT',
  'ERR_UNSUPPORTED_ESM_URL_SCHEME',
  'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX',
])

/** Called in a forked process: it imports as a Node without hooks does. */
export function leaveHooks(explanation: string): void {
  if (nodes === undefined || hooks === undefined || home === getpid()) return
  const loader = loaderOf(nodes)
  if (loader.setCustomizations === undefined) {
    const asking = (nodes(HOOKS)[PROXY] as { prototype: object }).prototype
    Object.assign(asking, { resolveSync: undefined, loadSync: undefined })
  } else {
    loader.setCustomizations(undefined)
  }
  nodes = undefined // once, also for those that are forked from here
  const plain = loader.import
  loader.import = async function (...question) {
    try {
      return await plain.apply(this, question)
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      if (WANTED_HOOKS.has(code ?? '') && !message.includes(explanation))
        (error as Error).message = `${message}\n${explanation}`
      throw error
    }
  }
}
