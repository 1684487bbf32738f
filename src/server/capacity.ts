/** How many connections the system lets a server hold at once: what is asked for beyond that is said at the start, and not tried. */
import { allTasks, type CountedLimit, descriptorLimit, limitInWords, taskLimits } from '../fork/limits.js'
import { roomForLong } from '../fork/room.js'
import type { Log } from '../supervisor/log.js'
import type { Application } from './application.js'
import { models } from './models/index.js'
import type { Held } from './models/model.js'
import type { ServerOptions } from './options.js'

/** Descriptors of a process beside those of its connections and those that the launcher has. */
const OWN_DESCRIPTORS = 32
/** For programs that handlers start, and other processes of the same user. */
const SPARE_TASKS = 8

export interface Ceiling {
  /** Connections at once. */
  most: number
  /** `ulimit -n is 1024, 21 in use; 2 for each connection` */
  words: string
  remedy: string
}

/** What is left of a limit, for connections that take so many each. */
function ceiling(limit: CountedLimit, own: number, each: number, remedy: string): Ceiling {
  const most = Math.floor((limit.most - limit.used - own) / each)
  return { most, words: `${limitInWords(limit)}; ${each} for each connection`, remedy }
}

/** Descriptors in the process that has most: a worker, or the application's own. */
function ofDescriptors({ sharing }: Held, { costs }: Application): Ceiling[] {
  const limit = descriptorLimit()
  const remedy = 'ulimit -n, LimitNOFILE='
  if (sharing !== undefined) {
    const one = ceiling(limit, OWN_DESCRIPTORS, 1, remedy)
    return [{ ...one, most: one.most * sharing }]
  }
  const each = costs?.descriptors ?? 0
  return each > 0 ? [ceiling(limit, OWN_DESCRIPTORS, each, remedy)] : []
}

/** Processes and threads, where a connection has any of its own. */
function ofTasks({ tasks: each }: Held, maxConnections: number, { costs }: Application): Ceiling[] {
  if (each === 0) return []
  const own = 1 + SPARE_TASKS + (costs?.services ?? 0) * (1 + roomForLong().threads)
  return taskLimits(allTasks() + own + each * maxConnections).map((limit) =>
    ceiling(limit, own, each, limit.name.endsWith('pids.max') ? 'TasksMax=, --pids-limit' : 'ulimit -u, LimitNPROC='),
  )
}

function lowest(held: Held, maxConnections: number, application: Application): Ceiling | undefined {
  try {
    const all = [...ofDescriptors(held, application), ...ofTasks(held, maxConnections, application)]
    return all.sort((a, b) => a.most - b.most)[0]
  } catch {
    return undefined // nothing is mounted at /proc
  }
}

const heldBy = (options: ServerOptions, { handler }: Application): Held | undefined =>
  models[options.model].held?.(handler, options)

/** What allows the fewest connections; undefined where nothing does that would be near to what is asked for. */
export function lowestCeiling(options: ServerOptions, application: Application): Ceiling | undefined {
  const held = heldBy(options, application)
  return held && lowest(held, options.maxConnections, application)
}

/** The same options with no more connections than can be held; logs what was asked for. */
export function withinLimits<Options extends ServerOptions>(
  options: Options,
  application: Application,
  log: Log,
): Options {
  const { maxConnections } = options
  const held = heldBy(options, application)
  const ceiling = held && lowest(held, maxConnections, application)
  if (ceiling === undefined || ceiling.most >= maxConnections) return options
  // for none there is no room to start either, which is said by whoever tries
  if (ceiling.most < 1) return options
  const most = Math.max(ceiling.most, held?.sharing ?? 1)
  log.warn(
    { maxConnections, held: most },
    `at most ${most} connections can be held at once, not ${maxConnections}: ${ceiling.words}. ` +
      `Raise that (${ceiling.remedy}), or ask for fewer; more clients wait`,
  )
  return { ...options, maxConnections: most }
}
