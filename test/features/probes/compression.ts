import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import zlib from 'node:zlib'
import { type Probe, since } from '../probe.js'

const original = Buffer.from('compressible '.repeat(20_000))

type Codec = (input: Buffer) => Promise<Buffer>

const roundTrip = async (compress: Codec, expand: Codec): Promise<void> => {
  const packed = await compress(original)
  assert.ok(packed.length < original.length / 10, `${packed.length} bytes`)
  assert.ok((await expand(packed)).equals(original))
}

/** zstd came later than the types that this project compiles with. */
const zstd = zlib as unknown as Record<'zstdCompress' | 'zstdDecompress', typeof zlib.gunzip>

export const probes: Probe[] = [
  { name: 'gzip there and back', run: () => roundTrip(promisify(zlib.gzip), promisify(zlib.gunzip)) },
  {
    name: 'brotli there and back',
    run: () => roundTrip(promisify(zlib.brotliCompress), promisify(zlib.brotliDecompress)),
  },
  {
    name: 'zstd there and back',
    run: () => roundTrip(promisify(zstd.zstdCompress), promisify(zstd.zstdDecompress)),
    skip: () => ('zstdCompress' in zlib ? undefined : 'by design: this Node has no zstd'),
  },
  {
    name: 'streams deflate and inflate, 8 at once',
    async run() {
      const pass = (): Promise<Buffer> =>
        buffer(Readable.from([original]).pipe(zlib.createDeflate()).pipe(zlib.createInflate()))
      for (const result of await Promise.all(Array.from({ length: 8 }, pass))) assert.ok(result.equals(original))
    },
  },
  {
    name: 'a damaged stream is an error, and zlib.crc32 a number',
    async run() {
      const packed = zlib.gzipSync(original)
      packed[packed.length - 5] = ~(packed[packed.length - 5] as number)
      await assert.rejects(promisify(zlib.gunzip)(packed), { code: 'Z_DATA_ERROR' })
      const { crc32 } = zlib as unknown as { crc32?(data: string): number }
      if (since(22, 2)() === undefined) assert.equal(crc32?.('123456789'), 0xcbf43926)
    },
  },
  {
    name: 'CompressionStream and DecompressionStream',
    async run() {
      const packed = new Blob([original]).stream().pipeThrough(new CompressionStream('deflate') as never)
      const expanded = (packed as ReadableStream).pipeThrough(new DecompressionStream('deflate') as never)
      assert.equal(await text(expanded as never), original.toString())
    },
  },
]
