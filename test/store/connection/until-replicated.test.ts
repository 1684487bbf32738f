/** What is told only once a cluster has it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Reactor } from '../../../src/reactor/reactor.js'
import { UntilReplicated } from '../../../src/store/connection/until-replicated.js'

test('in the order in which it was held, as far as the cluster is, and not looked for when nothing is held', () => {
  const timers: { delayMs: number; fire: () => void }[] = []
  const reactor = {
    after: (delayMs: number, fire: () => void) => {
      timers.push({ delayMs, fire })
      return { cancel: assert.fail }
    },
  } as unknown as Reactor
  const replication = { stored: 0, forwarded: 0 }
  const until = new UntilReplicated(replication, reactor)
  const told: string[] = []
  const hold = (sequence: number | undefined, name: string): void => until.hold(sequence, () => told.push(name))
  const look = (): number | undefined => {
    const timer = timers.shift()
    timer?.fire()
    return timer?.delayMs
  }
  hold(0, 'refused')
  assert.deepEqual([told, until.holds, timers.length], [['refused'], false, 0])
  hold(5, 'five')
  replication.stored = 7
  hold(undefined, 'not known, but on disk by now')
  hold(0, 'refused, behind them')
  const delays = Array.from({ length: 7 }, look)
  // soon again for each that is held
  assert.deepEqual(delays, [1, 1, 2, 4, 8, 16, 32])
  assert.deepEqual([told.splice(0), until.holds], [['refused'], true])
  replication.forwarded = 6
  look()
  assert.deepEqual(told.splice(0), ['five'])
  replication.forwarded = 7
  look()
  assert.deepEqual(
    [told, until.holds, timers.length],
    [['not known, but on disk by now', 'refused, behind them'], false, 0],
  )
})
