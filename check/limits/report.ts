import { inWords, type Machine } from '../../bench/lib/machine.js'
import { markdownTable, type Row } from '../../bench/lib/table.js'
import type { Outcome } from './outcome.js'

export const isGood = ({ lost, trouble }: Outcome): boolean => lost === 0 && trouble === undefined

const heading: Row = [
  'starved',
  'Node',
  'model',
  'handler',
  'clients',
  'waited',
  'ended by the kernel',
  'lost',
  'logged',
]

const said = ({ skipped, trouble, logged }: Outcome): string => {
  const words = skipped === undefined ? logged.join('; ') : `skipped: ${skipped}`
  return `${trouble === undefined ? '' : `**${trouble}** `}${words}`.replaceAll('|', '\\|')
}

export const row = (outcome: Outcome): Row => {
  const { starved, node, model, handler, clients, waited, ended, lost } = outcome
  return [starved, node, model, handler, `${clients}`, `${waited}`, `${ended}`, `${lost}`, said(outcome)]
}

const method =
  'Each server is started for its row, with `logLevel: info`; clients come at once, each with a line of its own that has to come back within ' +
  '25 seconds. Waited: had no answer after 0.7 seconds, when what was taken away is given back, or others have left. Ended by the kernel: ' +
  'where memory runs out it has to end somebody. Lost: were reset, or got no answer. Afterwards SIGINT has to end the server with status 0, and no ' +
  'process may be left. Logged: what was said at `warn` and above.'

export function page(outcomes: readonly Outcome[], machine: Machine): string {
  const bad = outcomes.filter((outcome) => !isGood(outcome)).length
  const skipped = outcomes.filter((outcome) => outcome.skipped !== undefined).length
  return [
    '# Limits',
    `${inWords(machine).replace(/, Node .*/, '')}. \`npm run check:limits\``,
    method,
    `${outcomes.length} runs: ${outcomes.length - bad - skipped} as they should be, ${bad} not, ${skipped} skipped.`,
    markdownTable([heading, ...outcomes.map(row)]),
    '',
  ].join('\n\n')
}

export const line = (outcome: Outcome): string =>
  `${isGood(outcome) ? 'ok  ' : 'BAD '} ${row(outcome).join('  ').slice(0, 300)}`
