/** What `tined ps` prints for people. */
import { readMemory } from '../../observe/server-view.js'
import type { Finding } from '../../observe/warnings.js'
import { ledgerLines } from './ledger-lines.js'
import type { Seen } from './seen.js'
import { type Sort, select } from './selection.js'
import { tableOf } from './table.js'

/** @param ripe findings that have lasted: the others are not told of */
export function textOf(seen: readonly Seen[], ripe: readonly Finding[], sort: Sort, all: boolean): string {
  if (seen.length === 0) return 'no server of Tined is running that this user can see\n'
  const parts = seen.map(({ view, ledger, findings }) => {
    const warnings = findings.filter((finding) => ripe.includes(finding))
    const selection = select(view.processes, sort, all)
    if (ledger !== undefined) return ledgerLines(view, ledger, selection, warnings)
    readMemory(selection.shown, view.refused)
    return tableOf(view, selection, warnings, all)
  })
  return parts.map((lines) => `${lines.join('\n')}\n`).join('\n')
}
