import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import { closeRuns, descriptors, type Run, runs, without } from '../../src/fork/descriptors.js'
import { O_CLOEXEC } from '../../src/libc/constants.js'
import { close, dup2, pipe2 } from '../../src/libc/fd.js'

const joined: [fds: number[], runs: Run[]][] = [
  [[], []],
  [[7], [[7, 7]]],
  [[3, 4, 5], [[3, 5]]],
  [[5, 3, 4], [[3, 5]]],
  [[3, 3, 4], [[3, 4]]],
  [
    [9, 3, 5, 4, 10],
    [
      [3, 5],
      [9, 10],
    ],
  ],
]

for (const [fds, expected] of joined)
  test(`descriptors ${fds.join(', ') || 'of none'} join into ${expected.length} runs`, () =>
    assert.deepEqual(runs(fds), expected))

test('a descriptor is taken out of runs', () => {
  const list: Run[] = [
    [3, 5],
    [7, 7],
  ]
  const expected: Record<number, Run[]> = {
    3: [
      [4, 5],
      [7, 7],
    ],
    4: [
      [3, 3],
      [5, 5],
      [7, 7],
    ],
    5: [
      [3, 4],
      [7, 7],
    ],
    6: list,
    7: [[3, 5]],
  }
  for (const [fd, left] of Object.entries(expected)) assert.deepEqual(without(list, Number(fd)), left, fd)
})

test('closing runs closes what is open in them and nothing else', () => {
  const [readEnd, writeEnd] = pipe2(O_CLOEXEC)
  for (const fd of [800, 801, 803, 810]) dup2(readEnd, fd)
  closeRuns(runs([800, 801, 802, 803]))
  const open = readdirSync('/proc/self/fd').map(Number)
  assert.deepEqual(
    [800, 801, 803, 810].map((fd) => open.includes(fd)),
    [false, false, false, true],
  )
  for (const fd of [810, readEnd, writeEnd]) close(fd)
})

test('the descriptors of a process are listed with what they stand for', () => {
  const [readEnd, writeEnd] = pipe2(O_CLOEXEC)
  const found = descriptors().filter(({ fd }) => fd === readEnd || fd === writeEnd)
  assert.equal(found.length, 2)
  assert.match(found[0]?.target ?? '', /^pipe:\[\d+\]$/)
  assert.equal(found[0]?.target, found[1]?.target)
  close(readEnd)
  close(writeEnd)
})
