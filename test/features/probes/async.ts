import assert from 'node:assert/strict'
import { AsyncLocalStorage, AsyncResource, executionAsyncId } from 'node:async_hooks'
import { channel } from 'node:diagnostics_channel'
import { EventEmitter, on, once } from 'node:events'
import { stat } from 'node:fs/promises'
import { monitorEventLoopDelay, type PerformanceEntry, PerformanceObserver, performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import type { Probe } from '../probe.js'

export const probes: Probe[] = [
  {
    name: 'AsyncLocalStorage follows promises, timers and the thread pool',
    async run() {
      const storage = new AsyncLocalStorage<number>()
      const through = (value: number): Promise<void> =>
        storage.run(value, async () => {
          await stat('/')
          await delay(5)
          await new Promise((resolve) => setImmediate(resolve))
          assert.equal(storage.getStore(), value)
        })
      await Promise.all([through(1), through(2), through(3)])
      assert.equal(storage.getStore(), undefined)
    },
  },
  {
    name: 'AsyncResource keeps its scope, and execution ids differ',
    async run() {
      const resource = new AsyncResource('PROBE')
      const outside = executionAsyncId()
      await delay(1)
      const inside = resource.runInAsyncScope(() => executionAsyncId())
      assert.equal(inside, resource.asyncId())
      assert.notEqual(inside, outside)
    },
  },
  {
    name: 'AbortSignal.timeout rejects with TimeoutError',
    async run() {
      // the timer of AbortSignal.timeout does not keep a loop alive
      const alive = setTimeout(() => {}, 5000)
      await assert.rejects(once(new EventEmitter(), 'never', { signal: AbortSignal.timeout(10) }), (error: Error) => {
        assert.equal((error.cause as Error).name, 'TimeoutError')
        return error.name === 'AbortError'
      })
      clearTimeout(alive)
    },
  },
  {
    name: 'AbortSignal.any takes the reason of the first',
    async run() {
      const [first, second] = [new AbortController(), new AbortController()]
      const any = AbortSignal.any([first.signal, second.signal])
      const aborted = once(any, 'abort')
      setImmediate(() => second.abort(new Error('second')))
      await aborted
      assert.equal(any.reason.message, 'second')
    },
  },
  {
    name: 'events.on iterates what an emitter emits',
    async run() {
      const emitter = new EventEmitter()
      setImmediate(() => [1, 2, 3].map((value) => emitter.emit('value', value)))
      const seen: number[] = []
      for await (const [value] of on(emitter, 'value')) {
        seen.push(value)
        if (seen.length === 3) break
      }
      assert.deepEqual(seen, [1, 2, 3])
    },
  },
  {
    name: 'promises settle through all combinators',
    async run() {
      const fail = Promise.reject(new Error('no'))
      fail.catch(() => {}) // rejects before a combinator looks at it
      const late = delay(10, 'late')
      assert.deepEqual(await Promise.all([1, late]), [1, 'late'])
      assert.equal(await Promise.race([late, delay(50, 'later')]), 'late')
      assert.equal(await Promise.any([fail, late]), 'late')
      assert.deepEqual(
        (await Promise.allSettled([fail, late])).map(({ status }) => status),
        ['rejected', 'fulfilled'],
      )
    },
  },
  {
    name: 'diagnostics_channel delivers',
    run() {
      const probe = channel('tined:probe')
      const seen: unknown[] = []
      probe.subscribe((message) => seen.push(message))
      probe.publish({ n: 1 })
      assert.deepEqual(seen, [{ n: 1 }])
    },
  },
  {
    name: 'PerformanceObserver reports a measure, and the loop delay histogram fills',
    async run() {
      const histogram = monitorEventLoopDelay({ resolution: 1 })
      histogram.enable()
      const measured = new Promise<PerformanceEntry[]>((resolve) => {
        const observer = new PerformanceObserver((list) => {
          observer.disconnect()
          resolve(list.getEntries())
        })
        observer.observe({ entryTypes: ['measure'] })
      })
      performance.mark('from')
      await delay(20)
      performance.measure('span', 'from')
      const [entry] = await measured
      // a busy machine gives fewer samples in the same time
      for (let waits = 0; histogram.count <= 3 && waits < 500; waits++) await delay(5)
      histogram.disable()
      assert.equal(entry?.name, 'span')
      assert.ok(entry.duration >= 19)
      assert.ok(histogram.count > 3, `${histogram.count} samples`)
    },
  },
]
