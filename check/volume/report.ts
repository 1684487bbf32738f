import type { Claim } from '../../bench/lib/claims.js'
import { inWords, type Machine } from '../../bench/lib/machine.js'
import { markdownTable, type Row } from '../../bench/lib/table.js'
import type { Findings } from '../chaos/stored.js'

export interface Volume {
  readonly model: string
  readonly framing: string
  readonly clients: number
  readonly messages: number
  readonly seconds: number
  readonly fileBytes: number
  readonly samples: Readonly<Record<string, readonly number[]>>
  readonly findings: Findings
  readonly verified: { readonly messages: number; readonly faults: number; readonly peakMegabytes: number }
}

/** What a process may need more in the second half than it did in the first. */
const ROOM_MB = 16

const highest = (samples: readonly number[], from: number, to: number): number =>
  Math.max(...samples.slice(Math.floor(samples.length * from), Math.ceil(samples.length * to)))

export const table = ({ samples }: Volume): Row[] => [
  ['MB of its own', 'at 10 %', 'at 50 %', 'at the end', 'highest to 50 %', 'highest after'],
  ...Object.entries(samples).map(([name, found]) => [
    name,
    ...[0.1, 0.5].map((share) => (found[Math.floor(found.length * share)] ?? 0).toFixed(1)),
    ...[found.at(-1) ?? 0, highest(found, 0, 0.5), highest(found, 0.5, 1)].map((megabytes) => megabytes.toFixed(1)),
  ]),
]

export const inBrief = ({ messages, clients, seconds, fileBytes, model, framing }: Volume): string =>
  `${messages.toLocaleString('en')} messages of ${clients} clients in ${seconds.toFixed(0)} s, ${Math.round(messages / seconds).toLocaleString('en')}/s, ` +
  `${(fileBytes / 1e9).toFixed(1)} GB of file, model ${model}, framing ${framing}`

export function claimsOf({ messages, samples, findings, verified }: Volume): Claim[] {
  const { lost, twice, wrong, records } = findings
  const flat = Object.entries(samples).map(([name, found]) => {
    const [before, after] = [highest(found, 0, 0.5), highest(found, 0.5, 1)]
    return {
      says: `${name}: ${after.toFixed(1)} MB at the most in the second half, ${before.toFixed(1)} in the first`,
      holds: after <= before + ROOM_MB,
    }
  })
  return [
    {
      says: `${records} records: ${lost.length} lost, ${twice.length} twice, ${wrong.length} damaged or out of order`,
      holds: records === messages && lost.length + twice.length + wrong.length === 0,
    },
    {
      says: `tined store verify: ${verified.messages} messages, ${verified.faults} faults, ${verified.peakMegabytes.toFixed(0)} MB at the most`,
      holds: verified.messages === messages && verified.faults === 0 && verified.peakMegabytes > 0,
    },
    ...flat,
  ]
}

const method =
  'Each client sends a hundred lines of 20 to 180 bytes, some of them not UTF-8, waits until they have come back, which means from disk, compares every byte, and sends the next. ' +
  'Then the file is read with a parser that has nothing of Tined: every checksum, every number, and that each line is there once, in the order of its client. ' +
  '`tined store verify` reads it too; its memory is all of it (VmHWM). Memory of the others is what is their own and not shared (RssAnon), of the largest process of each kind, looked at a hundred times.'

export function page(volume: Volume, machine: Machine): string {
  const claims = claimsOf(volume).map(({ says, holds }) => `- ${holds ? '' : 'not so: '}${says}`)
  return [
    '# Volume',
    `${inWords(machine)}. \`npm run check:volume\``,
    `${inBrief(volume)}. ${method}`,
    markdownTable(table(volume)),
    claims.join('\n'),
    '',
  ].join('\n\n')
}
