/** What the pages of the course tell to break is broken as they say. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import net from 'node:net'
import { describe, test } from 'node:test'
import type { ProgramName } from '../../src/cli/course/programs.js'
import { noCompiler } from '../harness/compiler.js'
import { until } from '../harness/until.js'
import { changedProgram, type Exercise, exercises, type Version } from './exercises.js'
import { anonymous, PATIENCE_MS, Run } from './run.js'
import { connect, echoed } from './talking.js'

const names = Object.keys(exercises) as ProgramName[]

/** An echo for the client, which ends its side when the client has. */
async function withEcho(run: (port: number) => Promise<void>): Promise<void> {
  const server = net.createServer((socket) => socket.on('error', () => {}).pipe(socket)).listen(0, '127.0.0.1')
  await until('it listens', () => server.listening)
  await run((server.address() as net.AddressInfo).port).finally(() => server.close())
}

/** What a client does, by program and exercise: what the text says is seen of it. */
const clients: Record<string, (run: Run, removed: string) => Promise<void>> = {
  'echo_mpserv 0': async (run, removed) => {
    const client = await connect(run)
    await echoed(client, 'hello\n')
    client.end()
    await run.printed(removed)
    assert.equal(client.socket.readableEnded, false, 'it sees no end')
    client.close()
  },
  'echo_mpserv 1': async (run) => {
    const client = await connect(run)
    await echoed(client, 'hello\n')
    await run.asleep() // in accept: nothing else waits
    await client.end().rest()
    client.close()
  },
  'echo_selectserv 0': async (run) => {
    const client = await connect(run)
    await echoed(client, 'hello\n')
    await client.end().rest()
    client.close()
  },
  'echo_storeserv 0': async (run, removed) => {
    const client = await connect(run)
    await echoed(client, 'one\n')
    await run.printed(removed)
    await echoed(client, 'two\n')
    await client.rest()
    client.close()
  },
}

const linesOf = (text: string): string[] => text.split('\n').map(anonymous).sort()

/** Longer than whatever sleeps in a program that hangs. */
const FOR_EVER_MS = 1500

const pendingOf = (pid: number): bigint =>
  BigInt(`0x${/^ShdPnd:\s*(\w+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]}`)

async function hang(run: Run, { pending, endless }: Exercise, expected: string[]): Promise<void> {
  await until('its output', () => run.lines.length >= expected.length, PATIENCE_MS)
  if (pending !== undefined)
    await until('it waits', () => ((pendingOf(run.pid) >> BigInt(pending - 1)) & 1n) === 1n, PATIENCE_MS)
  await assert.rejects(
    until('its end', () => run.ended, FOR_EVER_MS),
    /its end/,
    'it goes on',
  )
  if (endless) assert.deepEqual([...new Set(run.lines)], [...new Set(expected)])
  else assert.deepEqual([...run.lines].sort(), expected)
}

async function see(name: ProgramName, index: number, exercise: Exercise, run: Run, how: Version): Promise<void> {
  const { seen, seenInC = seen, ends = 'status 0', endsInC = ends, zombies, input, hangs, endless } = exercise
  const inC = how.version === 'c'
  const isKorean = how.language === 'ko'
  const expected = linesOf((inC ? seenInC : seen)[isKorean ? 1 : 0])
  if (endless) await until('a line', () => run.lines.length > 0, PATIENCE_MS)
  if (input !== undefined) run.type(input)
  if (input !== undefined && !endless) run.endInput()
  if (zombies !== undefined) assert.equal(await run.zombies(zombies, PATIENCE_MS), zombies)
  await clients[`${name} ${index}`]?.(run, isKorean ? '제거' : 'removed child')
  if (hangs || endless) return hang(run, exercise, expected)
  assert.equal(await run.end(), inC ? endsInC : ends)
  assert.deepEqual([...run.lines].sort(), expected)
  const complaint = inC
    ? exercise.seenInC
      ? undefined
      : (exercise.complaintInC ?? exercise.complaint)
    : exercise.complaint
  if (complaint !== undefined) assert.ok(run.stderr.includes(complaint), run.stderr)
}

/** Those in TypeScript differ from one another in strings and comments only, as a test of the sources says. */
const versions: readonly (readonly [string, Version])[] = [
  ['C', { version: 'c', language: 'en' }],
  ['C in Korean', { version: 'c', language: 'ko' }],
  ['TypeScript', { version: 'ts', language: 'en' }],
]

describe('exercises', { concurrency: 8 }, () => {
  for (const name of names)
    for (const [index, exercise] of exercises[name].entries())
      for (const [title, how] of versions)
        test(`${name}: ${exercise.title[0]}, ${title}`, { skip: how.version === 'c' && noCompiler }, async () => {
          const start = async (port?: number): Promise<void> => {
            const program = changedProgram(name, exercise, how)
            const run = new Run(port === undefined ? program : { ...program, args: [String(port)] })
            try {
              await see(name, index, exercise, run, how)
            } finally {
              run.cleanUp()
            }
          }
          if (name === 'echo_mpclient') await withEcho(start)
          else await start()
        })
})

test('every exercise is on its page', () => {
  for (const name of names)
    for (const { title } of exercises[name])
      for (const [index, page] of [`${name}.md`, `${name}.ko.md`].entries()) {
        const text = readFileSync(new URL(`../../../docs/course/${page}`, import.meta.url), 'utf8')
        assert.ok(text.includes(`### ${title[index]}\n`), page)
      }
})

test('the changes are changes of the Korean programs, too', () => {
  for (const name of names)
    for (const exercise of exercises[name]) changedProgram(name, exercise, { version: 'ts', language: 'ko' })
})
