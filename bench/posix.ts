// What tined/posix adds to a system call: nanoseconds a call in C and in TypeScript, one after the other in the same run.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { judge } from './lib/claims.js'
import { compile, hasCompiler, makeScratch } from './lib/compile.js'
import { describeMachine, inWords } from './lib/machine.js'
import { median } from './lib/median.js'
import { root } from './lib/paths.js'
import { writeJson, writeResult } from './lib/results.js'
import { markdownTable, type Row, textTable } from './lib/table.js'

const CALLS: Readonly<Record<string, string>> = {
  read: 'read, 64 bytes',
  write: 'write, 64 bytes',
  'poll-10': 'poll, 10 descriptors',
  'poll-1000': 'poll, 1,000 descriptors',
  'select-10': 'select, 10 descriptors',
  'select-1000': 'select, 1,000 descriptors',
}
const rounds = Number(process.env['TINED_BENCH_ROUNDS'] ?? 7)
const scale = process.env['TINED_BENCH_SCALE'] ?? '3'

if (!hasCompiler()) {
  console.log('FAIL  there is no C compiler to compare with (apt-get install gcc libc6-dev)')
  process.exit(1)
}
const sides = {
  C: [compile('posix-calls', makeScratch())],
  Tined: [process.execPath, join(root, 'dist/bench/servers/posix-calls.js')],
}
type Side = keyof typeof sides

/** Nanoseconds by side and call, one a round. */
const ns: Record<Side, Record<string, number[]>> = { C: {}, Tined: {} }

function visit(side: Side): void {
  const [command, ...args] = sides[side] as [string, ...string[]]
  const output = execFileSync(command, [...args, scale], { encoding: 'utf8' })
  for (const line of output.trim().split('\n')) {
    const [name, value] = line.split(' ') as [string, string]
    ns[side][name] ??= []
    ns[side][name].push(Number(value))
  }
}

for (let round = 0; round < rounds; round++) {
  for (const side of round % 2 === 0 ? (['C', 'Tined'] as const) : (['Tined', 'C'] as const)) visit(side)
  console.log(`round ${round + 1} of ${rounds}`)
}

const at = (side: Side, name: string): number => median(ns[side][name] ?? [])
const whole = (value: number): string => Math.round(value).toLocaleString('en')
const heading: Row = ['call', 'C, ns', 'Tined, ns', 'more, ns', 'ratio']
const rows = Object.entries(CALLS).map(([name, title]): Row => {
  const [c, tined] = [at('C', name), at('Tined', name)]
  return [title, whole(c), whole(tined), whole(tined - c), (tined / c).toFixed(2)]
})
const machine = describeMachine()
const method = `read from /dev/zero and write to /dev/null, the cheapest there is; poll and select with time-out 0 on descriptors of which none is ready. Both sides have one thread. Median of ${rounds} rounds.`
console.log(`\n${inWords(machine)}\n${method}\n\n${textTable([heading, ...rows])}\n`)
writeJson('posix.json', { machine, method, ns })
writeResult(
  'posix.md',
  `# Calls of tined/posix\n\n${inWords(machine)}. ${method}\n\n${markdownTable([heading, ...rows])}\n`,
)

const more = (name: string): number => at('Tined', name) - at('C', name)

judge([
  { says: 'read and write cost at most 1 µs more than in C', holds: more('read') <= 1000 && more('write') <= 1000 },
  {
    says: 'poll and select with 10 descriptors cost at most 5 µs more than in C',
    holds: more('poll-10') <= 5000 && more('select-10') <= 5000,
  },
  {
    says: 'poll and select cost at most 50 ns a descriptor more than in C, with 1,000 of them',
    holds: more('poll-1000') <= 50_000 && more('select-1000') <= 50_000,
  },
])
