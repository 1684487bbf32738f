/** What a connection process of the soak is asked to do: pure functions of a seed, so that each answer can be checked. */
import { createHash } from 'node:crypto'

export type Work = (seed: number) => string

/** Numbers that the seed decides. */
function* numbers(seed: number): Generator<number, never> {
  let state = seed + 1
  for (;;) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    yield state
  }
}

const take = (seed: number, count: number): number[] => {
  const source = numbers(seed)
  return Array.from({ length: count }, () => source.next().value)
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 24)

interface Item {
  id: number
  name: string
  tags: string[]
  nested: { values: number[] } | null
}

const items = (seed: number, count: number): Item[] =>
  take(seed, count).map((value, id) => ({
    id,
    name: `item ${value}`,
    tags: [`${value % 7}`, 'ü', '\u{1f418}'],
    nested: value % 3 === 0 ? null : { values: [value, -value, value / 3] },
  }))

/** About 6 MB of short-lived objects, enough for several collections of the young generation. */
function allocate(seed: number): string {
  let kept: Item[] = []
  let sum = 0
  for (let round = 0; round < 20; round++) {
    kept = [...kept.slice(-50), ...items(seed + round, 400)]
    sum += kept.reduce((total, { tags, id }) => total + tags.length * id, 0)
  }
  return `${sum} ${new Array(seed % 500_000).fill(1).length}`
}

const json = (seed: number): string => digest(JSON.stringify(JSON.parse(JSON.stringify(items(seed, 300)))))

function regexp(seed: number): string {
  const text = take(seed, 300).join(' ü-é ')
  const pairs = [...text.matchAll(/(?<digit>\d)\k<digit>/gu)].length
  const swapped = text.replace(/(\d+) (\p{L})/gu, '$2$1').replace(/(?<=é )\d/g, (digit) => `<${digit}>`)
  return `${pairs} ${digest(swapped)} ${/^(?:a+)+b$/.test('aaaaaaaaaaaaaa')}`
}

function map(seed: number): string {
  const counts = new Map<string, number>()
  for (const value of take(seed, 4000)) {
    const key = `k${value % 997}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
    if (value % 5 === 0) counts.delete(`k${value % 991}`)
  }
  const sorted = [...counts].sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1))
  return digest(sorted.join())
}

function bigint(seed: number): string {
  let product = 1n
  for (let factor = 2n; factor < 250n + BigInt(seed % 50); factor++) product *= factor
  return `${product % 1_000_000_007n} ${product.toString(36).length} ${BigInt.asIntN(64, product >> 100n)}`
}

function intl(seed: number): string {
  const amount = new Intl.NumberFormat('de-DE', { style: 'currency', currency: 'EUR' }).format(seed / 7)
  const date = new Intl.DateTimeFormat('ja-JP', { dateStyle: 'full', timeZone: 'Asia/Tokyo' }).format(seed * 8.64e6)
  const sorted = ['ö', 'z', 'o', 'Ä', 'a'].sort(new Intl.Collator('sv').compare)
  const words = [...new Intl.Segmenter('en', { granularity: 'word' }).segment(`a b ${seed} 'tis`)].length
  return [amount, date, sorted.join(''), words, 'İI'.toLocaleLowerCase('tr'), 'x'.normalize('NFD')].join('|')
}

class Odd extends Error {
  override readonly name = 'Odd'
}

function exceptions(seed: number): string {
  const deepen = (): number => 1 + deepen()
  let caught = 0
  let finals = 0
  for (const value of take(seed, 300))
    try {
      if (value % 3 === 0) throw new Odd(`${value}`, { cause: value })
      if (value % 50 === 1) deepen()
      JSON.parse(value % 3 === 1 ? '{' : '{}')
    } catch (error) {
      if (error instanceof Odd && typeof error.cause === 'number') caught += 1
      if (error instanceof SyntaxError) caught += 1000
      // the stack has overflowed
      if (error instanceof RangeError) caught += 1_000_000
      if (!(error as Error).stack?.includes('exceptions')) caught += error instanceof RangeError ? 0 : 1e9
    } finally {
      finals++
    }
  return `${caught} ${finals}`
}

function weakReferences(seed: number): string {
  const kept = items(seed, 200)
  const references = kept.map((item) => new WeakRef(item))
  const registry = new FinalizationRegistry<number>(() => {})
  const notes = new WeakMap<Item, string>()
  for (const [index, item] of kept.entries()) {
    registry.register(item, index)
    notes.set(item, item.name)
  }
  for (let round = 0; round < 10; round++) registry.register(items(seed + round, 50)[0] as Item, round)
  const alive = references.filter((reference, index) => reference.deref() === kept[index]).length
  return `${alive} ${digest(kept.map((item) => notes.get(item)).join())}`
}

/** Hot enough to be optimised, with a change of types that undoes it. */
function hotLoop(seed: number): string {
  const add = (a: number | string, b: number): number | string => (typeof a === 'number' ? (a + b) % 65_521 : a + b)
  let sum: number | string = seed
  for (let round = 0; round < 300_000; round++) sum = add(sum, round)
  return `${sum} ${add(`${sum}`, 1)} ${digest(new Float64Array(take(seed, 500)).sort().join())}`
}

export const works: Record<string, Work> = {
  allocate,
  json,
  regexp,
  map,
  bigint,
  intl,
  exceptions,
  weakReferences,
  hotLoop,
}
