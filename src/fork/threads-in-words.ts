/** Threads that are in the way of a fork, in words. */
import { livingWorkers } from '../engine/module-hooks.js'

/** Node's own class, on whose thread the hooks of `module.register` run. */
const LOADERS = 'InternalWorker'

/** Before Node 24 the thread of a Worker bears the name of the one that made it, and a Worker may have any name. */
function workersInWords(threads: number): string {
  const all = livingWorkers()
  const loaders = all.filter((worker) => worker.constructor.name === LOADERS).length
  const workers = all.length - loaders
  const said = [
    workers === 0 ? '' : workers === 1 ? 'a Worker' : `${workers} Workers`,
    loaders === 0 ? '' : 'the one of hooks of module.register',
  ].filter((words) => words !== '')
  if (said.length === 0) return ''
  return all.length === threads ? `: ${said.join(' and ')}` : `, among them ${said.join(' and ')}`
}

/**
 * `2 other threads are running (node): a Worker and the one of hooks of module.register`
 *
 * @param names as the kernel has them, one for each thread
 */
export function threadsInWords(names: readonly string[]): string {
  const threads = `${names.length} other thread${names.length === 1 ? ' is' : 's are'} running`
  return `${threads} (${[...new Set(names)].join(', ')})${workersInWords(names.length)}`
}
