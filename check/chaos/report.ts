import type { Claim } from '../../bench/lib/claims.js'
import { inWords, type Machine } from '../../bench/lib/machine.js'
import { markdownTable, type Row } from '../../bench/lib/table.js'
import { ROLES, SIGNALS } from './decisions.js'
import type { Outcome } from './outcome.js'

const heading: Row = [
  'program, model, Node',
  'seconds',
  'echoes',
  'connections',
  'restarts',
  'lost',
  'twice',
  'wrong',
  'hung',
  'cut off',
  'left behind',
  'longest wait, ms',
]

const nameOf = ({ program, model, node }: Outcome): string => `${program}, ${model}, ${node}`

const row = (outcome: Outcome): Row => {
  const { seconds, echoes, conversations, restarts, longestMs } = outcome
  const { lost, twice, wrong, hung, cut, left } = outcome
  const counts = [echoes, conversations, restarts, ...[lost, twice, wrong, hung, cut, left].map((list) => list.length)]
  return [nameOf(outcome), seconds.toFixed(0), ...counts.map(String), longestMs.toFixed(0)]
}

export const resultTable = (outcomes: readonly Outcome[]): Row[] => [heading, ...outcomes.map(row)]

/** How often each role got each signal. */
export function signalTable(outcomes: readonly Outcome[]): Row[] {
  const cell = ({ signals }: Outcome, role: (typeof ROLES)[number]): string =>
    SIGNALS.map((signal) => signals[role]?.[signal] ?? 0).join(' / ')
  return [
    [SIGNALS.join(' / '), ...ROLES],
    ...outcomes.map((outcome) => [nameOf(outcome), ...ROLES.map((role) => cell(outcome, role))]),
  ]
}

/** Everything that is not as it should be, a line each. */
export function complaintsOf(outcome: Outcome): string[] {
  const lists = {
    lost: outcome.lost,
    twice: outcome.twice,
    wrong: outcome.wrong,
    hung: outcome.hung,
    'cut off': outcome.cut,
    'left behind': outcome.left,
    trouble: outcome.trouble,
  }
  return Object.entries(lists).flatMap(([what, list]) => list.map((one) => `${nameOf(outcome)}: ${what}: ${one}`))
}

export const claimOf = (outcome: Outcome): Claim => {
  const { lost, twice, wrong, hung, cut, left, echoes } = outcome
  const counts = `${lost.length} lost, ${twice.length} twice, ${wrong.length} wrong, ${hung.length} hung`
  return {
    says: `${nameOf(outcome)}: ${echoes} echoes, ${counts}, ${cut.length} cut off, ${left.length} left behind`,
    holds: echoes > 0 && complaintsOf(outcome).length === 0,
  }
}

const method =
  '50 clients send numbered lines that nobody else sends, over TCP and a unix socket, and hold each byte that comes back against them. Meanwhile ' +
  'the processes of the server are killed, stopped, continued and told to end, at random moments, alone and several together. Lost: was echoed by the ' +
  'store and is not in its file. Twice: is there more often than it was sent. Wrong: an echo or a record that is not what was sent, or is out of order. Hung: a client ' +
  'waited for more than 10 seconds in which the server ran and nobody was stopped for whom it would have to wait. Cut off: a connection ended though neither its process nor the server ' +
  'was told to, or in the middle of a drain. Left behind: of a server that has ended, a process, a zombie, a listening port, or a socket file that it should have removed.'

export function page(outcomes: readonly Outcome[], seed: string, machine: Machine): string {
  const complaints = outcomes.flatMap(complaintsOf)
  return [
    '# Chaos',
    `${inWords(machine).replace(/, Node .*/, '')}. \`npm run check:chaos -- --seed ${seed}\``,
    method,
    markdownTable(resultTable(outcomes)),
    'Signals to each role; a process that was forked a moment ago and has no title yet counts as a connection:',
    markdownTable(signalTable(outcomes)),
    complaints.length === 0 ? 'Nothing was amiss.' : complaints.map((line) => `- ${line.split('\n')[0]}`).join('\n'),
    '',
  ].join('\n\n')
}
