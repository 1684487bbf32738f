/** What is warned of, in planted trees, and for how long it must have been so. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Shown } from '../../src/observe/board.js'
import { type Finding, findingsOf, Patience } from '../../src/observe/warnings.js'
import { process, view } from './findings.js'

const kinds = (findings: readonly Finding[]): [string, number, number][] =>
  findings.map(({ kind, pid, lastsMs }) => [kind, pid, lastsMs])

test('a process that only the scoreboard knows', () => {
  const missing = [{ pid: 3, role: 'connection', id: 7 } as Shown]
  const found = findingsOf(view([process(2, 'supervisor')], { missing }))
  assert.deepEqual(kinds(found), [['lost', 3, 1000]])
  assert.equal(found[0]?.text, 'the scoreboard says that connection #7 runs as 3, and there is no such process')
})

test('zombies: of the supervisor after a second, of others at once', () => {
  const processes = [
    process(3, 'connection', { state: 'zombie' }),
    process(4, 'program', { state: 'zombie', parent: 3 }),
  ]
  assert.deepEqual(kinds(findingsOf(view(processes))), [
    ['unreaped', 3, 1000],
    ['zombie', 4, 0],
  ])
})

test('an orphan', () => assert.deepEqual(kinds(findingsOf(view([process(3, 'orphan')]))), [['orphan', 3, 0]]))

test('a connection process without a socket', () => {
  const gone = process(globalThis.process.pid, 'connection', { client: '127.0.0.1:5', descriptor: 2_000_000 })
  assert.deepEqual(kinds(findingsOf(view([gone]))), [['no-socket', gone.pid, 1000]])
})

test('what does not last is no warning', () => {
  const patience = new Patience()
  const [brief, lasting]: Finding[] = [3, 4].map((pid) => ({ kind: 'unreaped', pid, text: '', lastsMs: 1000 }))
  const at = (findings: (Finding | undefined)[], nowMs: number): number[] =>
    patience
      .ripe(
        findings.filter((each) => each !== undefined),
        nowMs,
      )
      .map(({ pid }) => pid)
  assert.deepEqual(at([brief, lasting], 0), [])
  assert.equal(patience.waits, true)
  assert.deepEqual(at([lasting], 500), [])
  assert.deepEqual(at([brief, lasting], 1000), [4])
  assert.deepEqual(at([lasting], 1200), [4])
  assert.equal(patience.waits, false)
})
