/** Counters that never fall. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RunningTotals } from '../../src/page/running-totals.js'
import { process, view } from '../observe/findings.js'

const counted = { bytesRead: 10, bytesWritten: 10, messages: 2, accepted: 0, reaped: 1, forked: 3 }
const supervisor = process(2, 'supervisor', { parent: 1, cpuMs: 50 })

test('in model fork the highest number of a connection tells how many were accepted', () => {
  const totals = new RunningTotals()
  const ends = [{ pid: 9, role: 'connection', id: 7, status: 0, startedMs: 0, endedMs: 0 }] as const
  const seen = totals.totals(view([process(5, 'connection', { id: 4 })], { totals: counted, ends: [...ends] }))
  assert.equal(seen?.accepted, 7)
  assert.equal(totals.totals(view([], { totals: counted }))?.accepted, 7)
})

test('workers count what they accept themselves', () => {
  const worker = process(5, 'worker', { id: 40 })
  assert.equal(new RunningTotals().totals(view([worker], { totals: { ...counted, accepted: 12 } }))?.accepted, 12)
})

test('a figure that falls is what was read in between, and one without a scoreboard is not known', () => {
  const totals = new RunningTotals()
  assert.equal(totals.totals(view([])), undefined)
  totals.totals(view([], { totals: counted }))
  assert.deepEqual(totals.totals(view([], { totals: { ...counted, bytesRead: 9 } })), counted)
})

test('CPU time of connections that have ended stays with their role', () => {
  const totals = new RunningTotals()
  const cpu = (processes: Parameters<typeof view>[0], reapedMs: number): Record<string, number> =>
    totals.cpuMs(view([supervisor, ...processes]), reapedMs)
  assert.deepEqual(cpu([process(5, 'connection', { cpuMs: 30 })], 100), { connection: 130, supervisor: 50 })
  assert.deepEqual(cpu([], 130), { connection: 130, supervisor: 50 })
  assert.deepEqual(cpu([], 120), { connection: 130, supervisor: 50 })
})
