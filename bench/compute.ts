// A handler that computes for a second, beside the same in a plain Node. Its first client finds no threads that optimise; the third finds a
// server that knows of it.
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { judge } from './lib/claims.js'
import { makeScratch } from './lib/compile.js'
import { describeMachine, inWords } from './lib/machine.js'
import { median } from './lib/median.js'
import { root } from './lib/paths.js'
import { writeJson, writeResult } from './lib/results.js'
import { startServer } from './lib/run-server.js'
import { usual } from './lib/server-spec.js'
import { markdownTable, textTable } from './lib/table.js'

const { values: flags } = parseArgs({ options: { rounds: { type: 'string', default: '7' } } })
const WORK = '20000000'
const LEAST = 0.95
const program = join(root, 'dist/bench/servers/computing.js')
const scratch = makeScratch()

const inPlainNode = async (): Promise<number> =>
  Number((await promisify(execFile)(process.execPath, [program, WORK])).stdout)

async function ask(port: number): Promise<number> {
  const socket = connect(port, '127.0.0.1')
  socket.end('go')
  let answer = ''
  socket.on('data', (chunk) => {
    answer += chunk
  })
  await once(socket, 'close')
  return Number(answer)
}

async function inHandler(): Promise<number[]> {
  const server = await startServer(
    {
      ...usual,
      name: 'computing',
      command: process.execPath,
      args: ({ portFile }) => [program, WORK, portFile],
      ready: 'port-file',
      missing: () => undefined,
    },
    scratch,
    [],
  )
  try {
    const first = await ask(server.port)
    await ask(server.port)
    return [first, await ask(server.port)]
  } finally {
    await server.stop()
  }
}

const rounds: number[][] = []
for (let round = 0; round < Number(flags.rounds); round++) {
  const before = await inPlainNode()
  const [first = Number.NaN, third = Number.NaN] = await inHandler()
  const plain = (before + (await inPlainNode())) / 2
  rounds.push([plain, plain / first, plain / third])
  console.log(`round ${round + 1}: plain ${plain.toFixed(0)} ms, handler's first client ${first} ms, third ${third} ms`)
}
const [plainMs = Number.NaN, first = Number.NaN, third = Number.NaN] = [0, 1, 2].map((column) =>
  median(rounds.map((round) => round[column] ?? Number.NaN)),
)
const machine = describeMachine()
const table = [
  ['a second of computing', 'of plain Node’s speed'],
  ['in a handler, its first client', first.toFixed(2)],
  ['the third client', third.toFixed(2)],
]
console.log(`\n${inWords(machine)}. Plain Node: ${plainMs.toFixed(0)} ms.\n\n${textTable(table)}\n`)
writeJson('compute.json', { machine, plainMs, first, third, rounds })
writeResult(
  'compute.md',
  `# A handler that computes\n\n${inWords(machine)}. Model fork, an async handler; median of ${rounds.length} rounds beside plain Node, which takes ${plainMs.toFixed(0)} ms. \`npm run bench:compute\`\n\n${markdownTable(table)}\n`,
)
judge([
  {
    says: `a handler that computes reaches ${LEAST} of plain Node for its third client: ${third.toFixed(2)}`,
    holds: third >= LEAST,
  },
])
