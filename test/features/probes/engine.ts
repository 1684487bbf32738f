import assert from 'node:assert/strict'
import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import vm from 'node:vm'
import type { Probe } from '../probe.js'

/** Asks V8 in its own test language whether the code that runs is TurboFan's. */
function optimizedTier(): (subject: unknown) => boolean {
  setFlagsFromString('--allow-natives-syntax')
  return new Function('subject', 'return %ActiveTierIsTurbofan(subject)') as (subject: unknown) => boolean
}

function exposedGc(): () => void {
  setFlagsFromString('--expose-gc')
  return vm.runInNewContext('gc') as () => void
}

export const probes: Probe[] = [
  {
    name: 'a hot function is optimised by the threads in the background',
    async run() {
      const optimized = optimizedTier()
      const hot = (n: number): number => {
        let sum = 0
        for (let index = 0; index < n; index++) sum = (sum + index * 7) % 1_000_003
        return sum
      }
      const cold = hot(1000)
      const deadline = performance.now() + 8000
      while (!optimized(hot) && performance.now() < deadline) {
        hot(1000)
        await new Promise((resolve) => setImmediate(resolve))
      }
      assert.equal(optimized(hot), true)
      assert.equal(hot(1000), cold)
    },
  },
  {
    name: '500 MB pass through the heap and are collected',
    run() {
      let kept: string[][] = []
      let made = 0
      for (let round = 0; round < 5000; round++) {
        kept.push(Array.from({ length: 1000 }, (_, index) => `value ${round} ${index}`))
        made += 1000
        if (kept.length > 100) kept = []
      }
      assert.equal(made, 5_000_000)
      assert.equal(kept.at(-1)?.[999], 'value 4999 999')
      assert.ok(getHeapStatistics().used_heap_size < 250 * 2 ** 20)
    },
  },
  {
    name: 'a graph of a million objects survives collections',
    run() {
      interface Link {
        value: number
        next: Link | undefined
      }
      let head: Link | undefined
      for (let value = 0; value < 1_000_000; value++) head = { value, next: head }
      exposedGc()()
      let sum = 0
      for (let link = head; link !== undefined; link = link.next) sum += link.value
      assert.equal(sum, 499_999_500_000)
    },
  },
  {
    name: 'WeakRef lets go, and FinalizationRegistry reports',
    async run() {
      const collect = exposedGc()
      const finalized: string[] = []
      const registry = new FinalizationRegistry<string>((text) => finalized.push(text))
      const weak = abandon(registry)
      // a WeakRef holds its target until the job ends that made it
      while (finalized.length === 0) {
        await new Promise((resolve) => setImmediate(resolve))
        collect()
      }
      assert.deepEqual(finalized, ['collected'])
      assert.equal(weak.deref(), undefined)
    },
  },
  {
    name: 'BigInt, Intl, RegExp, typed arrays and sorting compute what they should',
    run() {
      assert.equal(2n ** 127n - 1n, 170_141_183_460_469_231_731_687_303_715_884_105_727n)
      assert.equal(new Intl.NumberFormat('de-DE').format(1234567.5), '1.234.567,5')
      assert.equal(new Date(0).toLocaleDateString('en-GB', { timeZone: 'UTC' }), '01/01/1970')
      assert.deepEqual('a1b22'.match(/\p{Letter}\d+(?<=2)/gu), ['b22'])
      const floats = Float64Array.from({ length: 10_000 }, (_, index) => Math.sin(index)).sort()
      assert.ok(floats.every((value, index) => index === 0 || value >= (floats[index - 1] as number)))
    },
  },
]

/** Leaves an object behind that only `registry` and the result know. */
function abandon(registry: FinalizationRegistry<string>): WeakRef<object> {
  const garbage = { left: 'behind' }
  registry.register(garbage, 'collected')
  return new WeakRef(garbage)
}
