import { type Machine, inWords as machineInWords } from '../../bench/lib/machine.js'
import { type Row, textTable } from '../../bench/lib/table.js'
import { inWords, isGood, type Outcome } from './outcome.js'

const heading: Row = ['program', 'version', 'Node', 'model', 'opened', 'right', 'wrong', 'hung', 'lost', '']

const row = (run: Outcome): Row => [
  run.program,
  run.version,
  run.node,
  run.model,
  run.opened === 'before' ? 'before serve()' : 'in the handler',
  run.skipped === undefined && run.refused === undefined ? `${run.right} of ${run.connections}` : '–',
  `${run.wrong.length}`,
  `${run.hung}`,
  run.lost === undefined ? '–' : `${run.lost.length}`,
  isGood(run) ? inWords(run) : `**${inWords(run) || 'fewer answers than questions'}**`,
]

const cells = (row: Row): string => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`

const method =
  'Each program is installed from the registry in the version given, opens what it needs before `serve()` or in the handler, and ' +
  'answers each client through it; 10 clients at a time, each with a name of its own that the answer must bear. Right, wrong, hung: ' +
  'answers. Lost: log lines, spans or events that are not there exactly once. Afterwards the launcher uses once more what it opened, ' +
  'SIGTERM has to end all with status 0, and no process may be left. What is refused has to be refused in words that name it.'

export function page(runs: readonly Outcome[], machine: Machine): string {
  const bad = runs.filter((run) => !isGood(run))
  const skipped = runs.filter((run) => run.skipped !== undefined).length
  const verdict = `${runs.length} runs: ${runs.length - bad.length - skipped} as they should be, ${bad.length} not, ${skipped} skipped.`
  return [
    '# Programs',
    `${machineInWords(machine).replace(/, Node .*/, '')}. \`npm run check:programs\``,
    method,
    verdict,
    [cells(heading), cells(heading.map(() => '---')), ...runs.map((run) => cells(row(run)))].join('\n'),
    '',
  ].join('\n\n')
}

export const line = (run: Outcome): string =>
  textTable([[`${isGood(run) ? 'ok  ' : 'BAD '} ${row(run).slice(0, -1).join(' ')}`, inWords(run)]])
