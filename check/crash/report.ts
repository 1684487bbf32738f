import type { Claim } from '../../bench/lib/claims.js'
import { inWords, type Machine } from '../../bench/lib/machine.js'
import { markdownTable, type Row } from '../../bench/lib/table.js'

interface Counts {
  lost: number
  twice: number
  torn: number
}

/** Power cuts of one model and sink. */
export interface Cuts extends Counts {
  readonly model: string
  readonly sink: string
  cuts: number
  echoed: number
  unsyncedBytes: number
  /** The file had to be put in order. */
  mended: number
}

export interface Kills extends Counts {
  readonly model: string
  readonly sink: string
  readonly kills: number
  readonly byRole: Readonly<Record<string, number>>
  readonly echoes: number
  /** Hung, cut off, left behind, or else not as it should be. */
  readonly others: number
}

const counts = ({ lost, twice, torn }: Counts): string[] => [lost, twice, torn].map(String)

export function tables(cuts: readonly Cuts[], kills: readonly Kills[]): Row[][] {
  const ofCuts: Row[] = [
    ['power cuts', 'cuts', 'echoes before', 'put in order', 'bytes not synced', 'lost', 'twice', 'torn'],
    ...cuts.map((one) => [
      `${one.model}, ${one.sink}`,
      ...[one.cuts, one.echoed, one.mended, one.unsyncedBytes].map(String),
      ...counts(one),
    ]),
  ]
  const ofKills: Row[] = [
    ['kills', 'kills', 'of', 'echoes', 'lost', 'twice', 'torn', 'hung, left, …'],
    ...kills.map((one) => {
      const roles = Object.entries(one.byRole).map(([role, count]) => `${count} ${role}`)
      return [
        `${one.model}, ${one.sink}`,
        String(one.kills),
        roles.join(', '),
        String(one.echoes),
        ...counts(one),
        String(one.others),
      ]
    }),
  ]
  return [ofCuts, ofKills].filter(({ length }) => length > 1)
}

export const claimsOf = (cuts: readonly Cuts[], kills: readonly Kills[]): Claim[] => [
  ...cuts.map((one) => ({
    says: `${one.model}, ${one.sink}: ${one.cuts} power cuts: ${one.lost} lost, ${one.twice} twice, ${one.torn} torn`,
    holds: one.cuts > 0 && one.echoed > 0 && one.lost + one.twice + one.torn === 0,
  })),
  ...kills.map((one) => ({
    says: `${one.model}, ${one.sink}: ${one.kills} kills: ${one.lost} lost, ${one.twice} twice, ${one.torn} torn, ${one.others} else`,
    holds: one.kills > 0 && one.echoes > 0 && one.lost + one.twice + one.torn + one.others === 0,
  })),
]

const method =
  'Power cuts: clients send lines to a store that runs under strace(1), which notes what is done to its files and their names, each sync and each echo, in their order. For a cut anywhere in that order the ' +
  'files are made as a disk may have them: with all that was written before the last sync of each that was over, and of what was written since with any part of its length and any of its sectors of 512 bytes, the others ' +
  'being as they were; and with some of the names, in their order, that were given since the folder was synced. Segments are closed at 16 KiB. It is put in order as at a start, and read. Echoes before: lines that had been sent back, summed over all cuts; each has to be in the file. ' +
  'Kills: 50 clients, and SIGKILL to the processes of the server at random moments, alone and several together; restarts where the launcher or the supervisor was killed. Lost: was echoed and is not in the file. ' +
  'Twice: is there more often than it was sent. Torn: a record that is damaged, out of order, or was sent by nobody.'

export function page(cuts: readonly Cuts[], kills: readonly Kills[], seed: string, machine: Machine): string {
  return [
    '# Crash',
    `${inWords(machine)}. \`npm run check:crash -- --seed ${seed}\``,
    method,
    ...tables(cuts, kills).map((table) => markdownTable(table)),
    '',
  ].join('\n\n')
}
