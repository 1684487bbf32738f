/** What /proc says, in planted texts. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { factsOf, parseRollup, parseStat, parseStatus, statOf } from '../../src/observe/process.js'

/** Fields 3 to 22 of a stat line: state, parent, …, utime 14, stime 15, …, starttime 22. */
const rest = 'S 10 1 1 0 -1 4194304 0 0 0 0 25 17 3 4 20 0 1 0 12345 0 0'

test('stat: a name may hold parentheses and blanks', () => {
  const expected = { name: 'a) Z (b', state: 'sleeping', parent: 10, cpuMs: 420, reapedCpuMs: 70, startedMs: 123_450 }
  assert.deepEqual(parseStat(`4711 (a) Z (b) ${rest}`), expected)
})

const letters: [string, string][] = [
  ['R', 'running'],
  ['D', 'waiting for disk'],
  ['T', 'stopped'],
  ['Z', 'zombie'],
  ['?', 'unknown'],
]
for (const [letter, words] of letters)
  test(`stat: state ${letter} is ${words}`, () =>
    assert.equal(parseStat(`1 (x) ${rest.replace('S', letter)}`).state, words))

test('status: sizes in bytes, signals on their way, and the pid of the innermost namespace', () => {
  const text =
    'Name:\tnode\nNSpid:\t4711\t7\nVmRSS:\t    1000 kB\nRssAnon:\t     250 kB\nShdPnd:\t0000000000004001\nSigPnd:\t8000000000000000\n'
  assert.deepEqual(parseStatus(text), {
    ...{ innerPid: 7, rssBytes: 1_024_000, anonymousBytes: 256_000 },
    pendingSignals: [1, 15, 64],
  })
})

test('status: a zombie has no memory', () =>
  assert.deepEqual(parseStatus('Name:\tnode\nState:\tZ (zombie)\n'), {
    innerPid: undefined,
    rssBytes: 0,
    anonymousBytes: 0,
    pendingSignals: [],
  }))

test('smaps_rollup: what is shared in part, and what is its own', () => {
  const text = 'Rss:  900 kB\nPss:    300 kB\nPss_Dirty:  1 kB\nPrivate_Clean:  5 kB\nPrivate_Dirty:       20 kB\n'
  assert.deepEqual(parseRollup(text), { pssBytes: 307_200, ownBytes: 20_480 })
  assert.equal(parseRollup(''), undefined)
})

test('this process, and one that is not there', () => {
  const refused = new Set<number>()
  assert.equal(factsOf(process.pid, 0, refused)?.parent, process.ppid)
  assert.equal(statOf(4_194_305, refused), undefined)
  assert.equal(refused.size, 0)
})
