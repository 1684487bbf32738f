/** The ledger of `tined ps --fds`: process by process, descriptor by descriptor. */
import { printable } from '../../libc/printable.js'
import type { Entry, Ledger } from '../../observe/ledger.js'
import type { ServerView } from '../../observe/server-view.js'
import type { Finding } from '../../observe/warnings.js'
import { aligned } from './columns.js'
import type { Selection } from './selection.js'
import { nameOf, unread } from './table.js'
import { plural } from './words.js'

const COLUMNS = [
  { title: 'FD', right: true },
  { title: 'WHAT IT IS' },
  { title: 'FLAGS' },
  { title: 'ALSO HELD BY' },
] as const
const WHAT = 1
const MOST_HOLDERS = 2

const ACCESS = { read: 'r', write: 'w', 'read and write': 'rw' } as const

const flagsOf = ({ access, nonBlocking, closeOnExec }: Entry): string =>
  [ACCESS[access], ...(nonBlocking ? ['nonblock'] : []), ...(closeOnExec ? ['cloexec'] : [])].join(',')

const namesOf = (pids: readonly number[]): string => {
  const more = pids.length - MOST_HOLDERS
  return `${pids.slice(0, MOST_HOLDERS).join(' ')}${more > 0 ? ` +${more}` : ''}`
}

/** Of a pipe also who has the other end. */
function whatOf({ what, access, otherEndHeldBy }: Entry): string {
  if (otherEndHeldBy === undefined) return what
  return `${what}; ${access === 'write' ? 'read' : 'written'} by ${namesOf(otherEndHeldBy) || 'nobody here'}`
}

const cells = (entry: Entry): string[] => [`  ${entry.fd}`, whatOf(entry), flagsOf(entry), namesOf(entry.alsoHeldBy)]

export function ledgerLines(
  view: ServerView,
  ledger: Ledger,
  { shown, rest }: Selection,
  warnings: readonly Finding[],
): string[] {
  const parts = shown.flatMap((process) => {
    const entries = ledger.get(process.pid) ?? []
    const client = process.client === undefined ? '' : ` ${printable(process.client)}`
    const head = `${nameOf(process)}${client}, ${process.pid}: ${process.state === 'zombie' ? 'a zombie holds nothing' : plural(entries.length, 'descriptor')}`
    return [head, ...(entries.length === 0 ? [] : aligned(COLUMNS, entries.map(cells), WHAT))]
  })
  const more = rest.length === 0 ? [] : [`and ${plural(rest.length, 'process', 'processes')} more (--all)`]
  return [...parts, ...more, ...unread(view), ...warnings.map(({ text }) => `WARNING: ${printable(text)}`)]
}
