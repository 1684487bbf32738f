/** Variables that are meant for Tined and misspelt: they would change nothing, and nobody would know. */
import { nearest } from '../server/options/nearest.js'
import { variableOf } from '../server/options/option.js'
import { serverOptions } from '../server/options/table.js'
import { storeOptions } from '../services/store-options.js'

const PREFIX = 'TINED_'

/** Variables that are not options of a server command; fork/way.ts, speed/switches.ts, page.ts, server-page.ts and
 * posix/trace/watcher.ts read them. */
const OTHERS = [
  'TINED_ANNOUNCE_FD',
  'TINED_COURSE_WATCHER',
  'TINED_FORK_WAY',
  'TINED_PAGE',
  'TINED_PAGE_TOKEN',
  'TINED_WITHOUT',
]

export const variables: readonly string[] = [
  ...[serverOptions, storeOptions].flatMap((table) =>
    Object.values(table).flatMap((option) =>
      'flag' in option && !('variable' in option) ? [variableOf(option.flag)] : [],
    ),
  ),
  ...OTHERS,
]

/**
 * Others that begin with TINED_ may be somebody's own: a service manager sets such ones.
 *
 * @throws {TypeError} a name that is almost one of ours
 */
export function refuseMisspelt(environment: NodeJS.ProcessEnv): void {
  const endings = variables.map((variable) => variable.slice(PREFIX.length))
  for (const name of Object.keys(environment)) {
    if (!name.startsWith(PREFIX) || variables.includes(name)) continue
    const near = nearest(name.slice(PREFIX.length), endings)
    if (near !== undefined) throw new TypeError(`${name}: no such variable; did you mean ${PREFIX}${near}?`)
  }
}
