/** Costly readings: all in turn, and no more than there is time for. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MemorySampler } from '../../src/page/memory-sampler.js'
import { spentCpuMs } from '../../src/page/spent.js'
import { process, view } from '../observe/findings.js'

const spin = (ms: number): void => {
  for (const end = spentCpuMs() + ms; spentCpuMs() < end; );
}

test('whose reading is oldest comes next, and a hundredth of the time is spent', () => {
  const read: number[] = []
  const sampler = new MemorySampler((pid) => {
    read.push(pid)
    spin(4)
    return { pssBytes: pid, ownBytes: 1 }
  })
  const tree = view([1, 2, 3, 4].map((pid) => process(pid, 'connection')))
  for (let second = 0; second < 4; second++) {
    const before = read.length
    sampler.sample([tree], 1_000_000 + second * 300)
    // 3 ms of 300: one reading takes more
    if (second > 0) assert.equal(read.length - before, 1)
    else assert.equal(read.length, 4)
  }
  assert.deepEqual(read, [1, 2, 3, 4, 1, 2, 3])
  assert.deepEqual(sampler.of(process(3, 'connection')), { memory: { pssBytes: 3, ownBytes: 1 }, atMs: 1_000_900 })
})

test('who has gone is forgotten, and a pid that was given anew has no reading yet', () => {
  const sampler = new MemorySampler((pid) => ({ pssBytes: pid, ownBytes: 1 }))
  sampler.sample([view([process(7, 'connection', { startedMs: 1000 })])], 0)
  assert.equal(sampler.of(process(7, 'connection', { startedMs: 1500 }))?.memory.pssBytes, 7)
  assert.equal(sampler.of(process(7, 'connection', { startedMs: 60_000 })), undefined)
  sampler.sample([view([])], 1000)
  assert.equal(sampler.of(process(7, 'connection', { startedMs: 1000 })), undefined)
})

test('a zombie has no memory, and nobody asks', () => {
  const sampler = new MemorySampler(() => assert.fail('asked'))
  sampler.sample([view([process(7, 'connection', { state: 'zombie' })])], 0)
})
