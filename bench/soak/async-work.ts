/** The same for asynchronous connection processes: what needs Node's loop, its thread pool, and promises. */
import { pbkdf2, webcrypto } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { works } from './work.js'

export type AsyncWork = (seed: number) => Promise<string>

const derive = promisify(pbkdf2)
const zip = promisify(gzip)
const unzip = promisify(gunzip)

async function* later(values: readonly number[]): AsyncGenerator<number> {
  for (const value of values) {
    await new Promise<void>((resolve) => setImmediate(resolve))
    yield value
  }
}

async function promises(seed: number): Promise<string> {
  const settled = await Promise.allSettled(
    Array.from({ length: 200 }, async (_, index) => {
      await null
      if ((seed + index) % 3 === 0) throw new Error(`${index}`)
      return index
    }),
  )
  const kept = settled.map((one) => (one.status === 'fulfilled' ? one.value : -1))
  let sum = 0
  for await (const value of later(kept.slice(0, 20))) sum += value
  return `${kept.join()} ${sum}`
}

async function timers(seed: number): Promise<string> {
  const started = performance.now()
  const slept = await Promise.all([3, 1, 2].map((delay) => sleep(delay * 4, delay)))
  const abort = new AbortController()
  const aborted = sleep(60_000, 'late', { signal: abort.signal }).catch((error: Error) => error.name)
  abort.abort()
  // timers are rounded to whole milliseconds
  return `${slept.join()} ${performance.now() - started > 10} ${await aborted} ${seed}`
}

async function threadPool(seed: number): Promise<string> {
  const [own, key, zipped] = await Promise.all([
    readFile(fileURLToPath(import.meta.url), 'utf8'),
    derive(`${seed}`, 'salt', 50, 16, 'sha256'),
    zip('x'.repeat(50_000 + seed)),
  ])
  return `${own.length} ${key.toString('hex')} ${(await unzip(zipped)).length}`
}

async function webCrypto(seed: number): Promise<string> {
  const hash = await webcrypto.subtle.digest('SHA-256', Buffer.from(`${seed}`))
  return `${Buffer.from(hash).toString('hex')} ${structuredClone({ seed, at: new Date(seed) }).at.getTime()}`
}

const synchronous = Object.entries(works).map(([name, work]): [string, AsyncWork] => [
  name,
  async (seed) => {
    await null
    return work(seed)
  },
])

export const asyncWorks: Record<string, AsyncWork> = {
  ...Object.fromEntries(synchronous),
  promises,
  timers,
  threadPool,
  webCrypto,
}
