import assert from 'node:assert/strict'
import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import vm from 'node:vm'
import type { Probe } from '../probe.js'

/** Bit of V8's optimisation status that says the function has optimised code. */
const OPTIMIZED = 1 << 4

interface Native {
  status(subject: unknown): number
}

function natives(): Native {
  setFlagsFromString('--allow-natives-syntax')
  return { status: new Function('subject', 'return %GetOptimizationStatus(subject)') as Native['status'] }
}

function exposedGc(): () => void {
  setFlagsFromString('--expose-gc')
  return vm.runInNewContext('gc') as () => void
}

export const probes: Probe[] = [
  {
    name: 'a hot function is optimised by the threads in the background',
    async run() {
      const { status } = natives()
      const hot = (n: number): number => {
        let sum = 0
        for (let index = 0; index < n; index++) sum = (sum + index * 7) % 1_000_003
        return sum
      }
      const cold = hot(1000)
      const deadline = performance.now() + 8000
      while ((status(hot) & OPTIMIZED) === 0 && performance.now() < deadline) {
        hot(1000)
        await new Promise((resolve) => setImmediate(resolve))
      }
      assert.ok(status(hot) & OPTIMIZED, `status ${status(hot)}`)
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
      const finalized = new Promise<string>((resolve) => {
        const registry = new FinalizationRegistry<string>(resolve)
        registry.register({ garbage: true }, 'collected')
        void finalizedLater(registry)
      })
      const weak = new WeakRef({})
      // a WeakRef holds its target until the current job ends
      await new Promise((resolve) => setImmediate(resolve))
      collect()
      await new Promise((resolve) => setImmediate(resolve))
      collect()
      assert.equal(weak.deref(), undefined)
      assert.equal(await finalized, 'collected')
    },
  },
  {
    name: 'BigInt, Intl, RegExp, typed arrays and sorting compute what they should',
    run() {
      assert.equal(
        2n ** 200n % 1_000_007n,
        ((2n ** (100n ** 1n) % 1_000_007n) * (2n ** 100n % 1_000_007n)) % 1_000_007n,
      )
      assert.equal(new Intl.NumberFormat('de-DE').format(1234567.5), '1.234.567,5')
      assert.equal(new Date(0).toLocaleDateString('en-GB', { timeZone: 'UTC' }), '01/01/1970')
      assert.deepEqual('a1b22'.match(/\p{Letter}\d+(?<=2)/gu), ['b22'])
      const floats = Float64Array.from({ length: 10_000 }, (_, index) => Math.sin(index)).sort()
      assert.ok(floats.every((value, index) => index === 0 || value >= (floats[index - 1] as number)))
    },
  },
]

/** Keeps the registry itself alive while its callback is awaited. */
async function finalizedLater(registry: object): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 500))
  assert.ok(registry)
}
