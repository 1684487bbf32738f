import assert from 'node:assert/strict'
import { setTimeout as delay, setInterval as every, setImmediate as immediate } from 'node:timers/promises'
import type { Probe } from '../probe.js'

export const probes: Probe[] = [
  {
    name: 'timeouts fire in the order of their delays, and not early',
    async run() {
      const order: number[] = []
      const start = performance.now()
      const wait = (ms: number): Promise<void> => delay(ms).then(() => void order.push(ms))
      await Promise.all([wait(60), wait(5), wait(30)])
      assert.deepEqual(order, [5, 30, 60])
      assert.ok(performance.now() - start >= 59)
    },
  },
  {
    name: 'an interval fires until it is cleared',
    async run() {
      let fired = 0
      await new Promise<void>((resolve) => {
        const interval = setInterval(() => {
          if (++fired < 5) return
          clearInterval(interval)
          resolve()
        }, 2)
      })
      await delay(20)
      assert.equal(fired, 5)
    },
  },
  {
    name: 'ticks, microtasks, immediates and timeouts keep their order',
    async run() {
      const order: string[] = []
      await new Promise<void>((resolve) => {
        setImmediate(() => {
          setTimeout(() => {
            order.push('timeout')
            resolve()
          }, 100)
          setImmediate(() => order.push('immediate'))
          queueMicrotask(() => order.push('microtask'))
          process.nextTick(() => order.push('tick'))
          order.push('now')
        })
      })
      assert.deepEqual(order, ['now', 'tick', 'microtask', 'immediate', 'timeout'])
    },
  },
  {
    name: 'an asynchronous iterator of an interval ends by AbortSignal',
    async run() {
      const stop = new AbortController()
      let turns = 0
      const loop = async (): Promise<void> => {
        for await (const _ of every(2, undefined, { signal: stop.signal })) if (++turns === 3) stop.abort()
      }
      await assert.rejects(loop, { name: 'AbortError' })
      assert.equal(turns, 3)
    },
  },
  {
    name: 'refresh, hasRef and unref work on a timeout',
    async run() {
      let fired = 0
      const timeout = setTimeout(() => fired++, 5)
      await delay(10)
      timeout.refresh()
      await delay(10)
      assert.equal(fired, 2)
      assert.equal(timeout.hasRef(), true)
      // the natural end of the child shows that it is not waited for
      assert.equal(
        setTimeout(() => assert.fail('an unreferenced timer kept the loop alive'), 8000)
          .unref()
          .hasRef(),
        false,
      )
    },
  },
  {
    name: '10,000 immediates all run',
    async run() {
      let ran = 0
      await Promise.all(Array.from({ length: 10_000 }, () => immediate().then(() => ran++)))
      assert.equal(ran, 10_000)
    },
  },
  {
    name: 'performance.now and process.hrtime go on monotonically',
    async run() {
      const [clock, hr] = [performance.now(), process.hrtime.bigint()]
      await delay(15)
      const [ms, ns] = [performance.now() - clock, process.hrtime.bigint() - hr]
      assert.ok(ms >= 14 && ms < 5000, `${ms} ms`)
      assert.ok(ns >= 14_000_000n && ns < 5_000_000_000n, `${ns} ns`)
    },
  },
]
