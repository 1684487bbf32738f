import assert from 'node:assert/strict'
import type { Probe } from '../probe.js'

/** Just enough of WebAssembly's API; the compiler's library for Node does not describe it. */
interface Exports {
  [name: string]: (a: number, b?: number) => number
}
interface WebAssemblyApi {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object, imports?: object) => { exports: Exports }
  Memory: new (limits: { initial: number; maximum: number }) => { buffer: ArrayBuffer; grow(pages: number): number }
  compile(bytes: Uint8Array): Promise<object>
  instantiate(bytes: Uint8Array): Promise<{ instance: { exports: Exports } }>
  instantiateStreaming(response: Response): Promise<{ instance: { exports: Exports } }>
  validate(bytes: Uint8Array): boolean
}
const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyApi }

/** LEB128, as all numbers of the binary format. */
function leb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)]
}
const section = (id: number, content: number[]): number[] => [id, ...leb(content.length), ...content]
const vector = (items: number[][]): number[] => [...leb(items.length), ...items.flat()]

/** A module of `count` functions (i32, i32) -> i32, all adding; the last one is exported as `add`. */
function adders(count: number, padding = 0): Uint8Array {
  const body = [
    0,
    0x20,
    0,
    ...Array.from({ length: padding }, () => [0x20, 1, 0x6a, 0x20, 1, 0x6b]).flat(),
    0x20,
    1,
    0x6a,
    0x0b,
  ]
  const bytes = [
    [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    section(1, vector([[0x60, 2, 0x7f, 0x7f, 1, 0x7f]])),
    section(3, vector(Array.from({ length: count }, () => [0]))),
    section(7, vector([[3, ...Buffer.from('add'), 0, ...leb(count - 1)]])),
    section(10, vector(Array.from({ length: count }, () => [...leb(body.length), ...body]))),
  ]
  return Uint8Array.from(bytes.flat())
}

const add = (exports: Exports, a: number, b: number): number => (exports['add'] as Exports[string])(a, b)

export const probes: Probe[] = [
  {
    name: 'a module is compiled and run synchronously',
    run() {
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(adders(1)))
      assert.equal(add(exports, 20, 22), 42)
      assert.equal(add(exports, 0x7fffffff, 1), -0x80000000)
    },
  },
  {
    name: 'a module is compiled asynchronously',
    async run() {
      const { instance } = await WebAssembly.instantiate(adders(1))
      assert.equal(add(instance.exports, 2, 3), 5)
    },
  },
  {
    name: '3,000 functions are compiled asynchronously, and run hot',
    async run() {
      const { exports } = new WebAssembly.Instance(await WebAssembly.compile(adders(3000, 40)))
      let sum = 0
      for (let round = 0; round < 200_000; round++) sum = add(exports, sum, 1)
      assert.equal(sum, 200_000)
    },
  },
  {
    name: 'a module is compiled from a streamed response',
    async run() {
      const response = new Response(adders(100), { headers: { 'content-type': 'application/wasm' } })
      const { instance } = await WebAssembly.instantiateStreaming(response)
      assert.equal(add(instance.exports, 40, 2), 42)
    },
  },
  {
    name: 'the loop may end while a large module is still being compiled',
    run() {
      void WebAssembly.compile(adders(2000, 20))
      assert.equal(WebAssembly.validate(adders(1)), true)
      assert.equal(WebAssembly.validate(Uint8Array.of(1, 2, 3)), false)
    },
  },
  {
    name: 'memory grows and keeps its bytes',
    run() {
      const memory = new WebAssembly.Memory({ initial: 1, maximum: 4 })
      new Uint8Array(memory.buffer)[65_535] = 7
      assert.equal(memory.grow(3), 1)
      assert.equal(memory.buffer.byteLength, 4 * 65_536)
      assert.equal(new Uint8Array(memory.buffer)[65_535], 7)
      assert.throws(() => memory.grow(1), RangeError)
    },
  },
]
