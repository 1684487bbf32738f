// What each speed trick is worth: the echo server of model fork without it, beside the same server with all of them.
import { parseArgs } from 'node:util'
import { SPEED_TRICKS } from '../src/speed/switches.js'
import { type Ablation, ablate, type Ratios } from './lib/ablation.js'
import { compile, hasCompiler, makeScratch } from './lib/compile.js'
import { describeMachine, inWords } from './lib/machine.js'
import { writeJson, writeResult } from './lib/results.js'
import type { ServerSpec } from './lib/server-spec.js'
import { markdownTable, type Row, textTable } from './lib/table.js'
import { builtIn } from './lib/tined-specs.js'

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '1' },
    // another checkout's bin/tined, as one more row: what a change did
    beside: { type: 'string' },
    only: { type: 'string' },
    // connections before each measurement, for what matters after a while only
    after: { type: 'string', default: '100' },
  },
})

function refuse(reason: string): never {
  console.error(reason)
  process.exit(1)
}

if (!hasCompiler()) refuse('There is no C compiler (cc) for the load client, which is C: apt-get install gcc libc6-dev')

const whole: ServerSpec = { ...builtIn, name: 'all', idle: 60, warmup: Number(flags.after) }

/** Under env(1), which executes the server in its own place. */
const withSetting = (name: string, setting: string): ServerSpec => ({
  ...whole,
  name,
  command: 'env',
  args: (place) => [setting, whole.command, ...whole.args(place)],
})

const ofAnother = (program: string): ServerSpec => ({
  ...whole,
  name: program,
  args: (place) => whole.args(place).map((argument, index) => (index === 0 ? program : argument)),
})

const without = (trick: string): ServerSpec => withSetting(trick, `TINED_WITHOUT=${trick}`)
const everything = [
  { ...withSetting('nothing (the same again)', 'TINED_WITHOUT=') },
  ...SPEED_TRICKS.map(without),
  { ...withSetting('every one of them', `TINED_WITHOUT=${SPEED_TRICKS.join(',')}`) },
]
const others =
  flags.beside !== undefined
    ? [ofAnother(flags.beside), everything[0] as ServerSpec]
    : flags.only !== undefined
      ? [everything[0] as ServerSpec, ...flags.only.split(' ').map(without)]
      : everything

const scratch = makeScratch()
const rounds = Number(flags.rounds)
const bench = {
  rounds,
  seconds: Number(flags.seconds),
  extra: 10,
  scratch,
  client: [compile('load', scratch)],
  serverPrefix: [],
}
const rows = await ablate(whole, others, bench)

const shown = ({ median, least, most }: Ratios): string =>
  `${median.toFixed(2)} (${least.toFixed(2)}-${most.toFixed(2)})`
const table: Row[] = [
  ['left out', 'connections/s, 1 client', '20 clients', 'CPU, 1 client', '20 clients', 'memory'],
  ...rows.map(({ name, speed, cpu, memory }: Ablation) => [name, ...[...speed, ...cpu, memory].map(shown)]),
]
const machine = describeMachine()
const method =
  'The echo server of model fork (callbacks), without one thing, over the same server with all of them: median of ' +
  `${rounds} rounds, in brackets the least and the most. In each round the two are measured right after each other, in turns ` +
  'first and second, each a server started afresh. CPU: of all processes of the server, for a connection. Memory: PSS and page tables of an idle connection. The ' +
  'first row is the noise.'

console.log(`\n${inWords(machine)}\n${method}\n\n${textTable(table)}\n`)
if (flags.beside === undefined && flags.only === undefined) {
  writeJson('ablation.json', { machine, rounds, rows })
  writeResult(
    'ablation.md',
    ['# What each speed trick is worth', '', `${inWords(machine)}. ${method}`, '', markdownTable(table), ''].join('\n'),
  )
}
