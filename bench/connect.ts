// How fast a client is as a filter: 1 GB to a C echo server and back, from file to file, in both directions at once; the
// bytes are compared. Round by round, each client in turn.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { judge } from './lib/claims.js'
import { compile, makeScratch } from './lib/compile.js'
import { describeMachine, inWords } from './lib/machine.js'
import { median } from './lib/median.js'
import { onPath, tinedProgram } from './lib/paths.js'
import { forkEcho } from './lib/peer-specs.js'
import { writeJson, writeResult } from './lib/results.js'
import { startServer } from './lib/run-server.js'
import { markdownTable, type Row, textTable } from './lib/table.js'

const rounds = Number(process.env['TINED_BENCH_ROUNDS'] ?? 5)
const megabytes = Number(process.env['TINED_BENCH_MEGABYTES'] ?? 1024)

interface Client {
  name: string
  command: (port: number) => string[]
}

const clients: Client[] = [
  { name: 'tined connect', command: (port) => [process.execPath, tinedProgram, 'connect', `127.0.0.1:${port}`] },
  { name: 'nc -N', command: (port) => ['nc', '-N', '127.0.0.1', String(port)] },
  { name: 'socat', command: (port) => ['socat', '-', `TCP:127.0.0.1:${port}`] },
  { name: 'socat -b 262144', command: (port) => ['socat', '-b', '262144', '-', `TCP:127.0.0.1:${port}`] },
]
const available = clients.filter(({ command }) => onPath(command(0)[0] as string) || command(0)[0] === process.execPath)

interface Run {
  mbPerSecond: number
  /** User and system time of all processes of the client. */
  cpuSeconds: number
}

const scratch = makeScratch()
const [input, output] = [join(scratch, 'in'), join(scratch, 'out')]
execFileSync('sh', ['-c', `head -c ${megabytes}M /dev/urandom > "$1"`, 'sh', input])

/** `0m1.25s` as times(1p) of the shell prints it, for its children in the second line. */
function childSeconds(times: string): number {
  const values = (times.trim().split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)
  return [...values].reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0)
}

function run(command: readonly string[]): Run {
  const script = 'in=$1 out=$2; shift 2; "$@" < "$in" > "$out" || exit; times'
  const started = performance.now()
  const times = execFileSync('sh', ['-c', script, 'sh', input, output, ...command], { encoding: 'utf8' })
  const seconds = (performance.now() - started) / 1000
  execFileSync('cmp', [input, output])
  return { mbPerSecond: megabytes / seconds, cpuSeconds: childSeconds(times) }
}

const runs = new Map<string, Run[]>(available.map(({ name }) => [name, []]))
const server = await startServer(forkEcho(compile('fork-echo', scratch)), scratch, [])
try {
  for (let round = 0; round < rounds; round++)
    for (const { name, command } of round % 2 === 0 ? available : [...available].reverse()) {
      const result = run(command(server.port))
      runs.get(name)?.push(result)
      console.log(`round ${round + 1} of ${rounds}: ${name}: ${Math.round(result.mbPerSecond)} MB/s`)
    }
} finally {
  await server.stop()
}

const of = (name: string, field: keyof Run): number => median(runs.get(name)?.map((each) => each[field]) ?? [])
const heading: Row = ['client', 'MB/s', 'CPU s of the client']
const rows = available
  .map(({ name }): Row => [name, String(Math.round(of(name, 'mbPerSecond'))), of(name, 'cpuSeconds').toFixed(2)])
  .sort((left, right) => Number(right[1]) - Number(left[1]))
const machine = describeMachine()
const method = `${megabytes} MB to a C echo server and back, from file to file; server and client on the same cores; median of ${rounds} rounds.`
console.log(`\n${inWords(machine)}\n${method}\n\n${textTable([heading, ...rows])}\n`)
writeJson('connect.json', { machine, method, clients: Object.fromEntries(runs) })
writeResult(
  'connect.md',
  `# Clients as filters\n\n${inWords(machine)}. ${method}\n\n${markdownTable([heading, ...rows])}\n`,
)

const tined = of('tined connect', 'mbPerSecond')
judge(
  runs.has('socat')
    ? [{ says: 'tined connect moves at least as much a second as socat', holds: tined >= of('socat', 'mbPerSecond') }]
    : [{ says: 'tined connect moves bytes', holds: tined > 0 }],
)
