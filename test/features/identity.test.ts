/** Forked children are different: nothing random, and no number of a process, may be the parent's or a sibling's. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { runProgram } from './run-program.js'

interface Identity {
  math: number
  uuids: string[]
  integers: number[]
  bytes: string
  pid: number
  getpid: number
  ppid: number
  title: string
  commandLine: string
}
interface Parent {
  pid: number
  drawn: unknown[]
}

const DEADLINE_MS = 60_000

async function identities(way: string, count: number): Promise<{ parent: Parent; children: Identity[] }> {
  const ended = await runProgram('programs/identity.js', [way, String(count)], DEADLINE_MS)
  assert.deepEqual([ended.code, ended.signal, ended.stderr], [0, null, ''])
  assert.deepEqual(ended.leftover, [])
  const [parent, ...children] = ended.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.equal(children.length, count)
  return { parent, children }
}

function assertDistinct(values: unknown[], what: string): void {
  const repeated = values.filter((value, index) => values.indexOf(value) !== index)
  assert.deepEqual(repeated.slice(0, 5), [], `${repeated.length} of ${values.length} ${what} are repeated`)
}

for (const [way, count] of [
  ['raw', 1000],
  ['public', 100],
] as const) {
  describe(`${count} children forked one after another, ${way}`, async () => {
    const { parent, children } = await identities(way, count)

    test('Math.random differs in each', () =>
      assertDistinct([...children.map(({ math }) => math), ...parent.drawn], 'numbers'))

    test('randomUUID differs in each: imported, as a property, captured before, and of WebCrypto', () => {
      assertDistinct([...children.flatMap(({ uuids }) => uuids), ...parent.drawn], 'UUIDs')
    })

    test('randomInt differs in each: imported, as a property and captured before', () => {
      assertDistinct([...children.flatMap(({ integers }) => integers), ...parent.drawn], 'integers')
    })

    test('randomBytes differs in each', () => {
      assertDistinct(
        children.map(({ bytes }) => bytes),
        'byte strings',
      )
    })

    test("process.pid is the child's, process.ppid the parent's", () => {
      assertDistinct([...children.map(({ pid }) => pid), parent.pid], 'process ids')
      for (const child of children) assert.deepEqual([child.pid, child.ppid], [child.getpid, parent.pid])
    })

    test('process.title is its own, in the process and in the process table', () => {
      for (const [index, { title, commandLine }] of children.entries())
        assert.deepEqual([title, commandLine], [`child ${index}`, `child ${index}`])
    })
  })
}
