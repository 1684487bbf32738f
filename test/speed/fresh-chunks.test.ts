/** What malloc gives once all free chunks are taken: one piece of the top of the heap after the other. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { free, heapEnd, mallinfo, malloc } from '../../src/libc/memory.js'
import { takeFreeChunks } from '../../src/speed/fresh-chunks.js'

const SIZES = [24, 128, 500, 1000, 2000]
const asked = (): number[] => SIZES.map((bytes) => malloc(bytes))

/** Every second one of many is free, so that none can grow together with its neighbour. */
function scatter(): number[] {
  const chunks = SIZES.flatMap((bytes) => Array.from({ length: 200 }, () => malloc(bytes)))
  for (const [at, chunk] of chunks.entries()) if (at % 2 === 0) free(chunk)
  return chunks
}

test('malloc cuts what it is asked for from the top of the heap, side by side', {
  skip: mallinfo === undefined,
}, () => {
  const scattered = scatter()
  const before = asked()
  assert.ok(
    before.some((chunk) => chunk < (scattered.at(-1) as number)),
    'there was nothing scattered to take from',
  )
  takeFreeChunks()
  const { keepcost } = (mallinfo as NonNullable<typeof mallinfo>)()
  const top = heapEnd() - keepcost
  const after = asked()
  assert.deepEqual(
    after,
    [...after].sort((one, other) => one - other),
  )
  // what tells of the heap asks for a little, too
  assert.ok((after[0] as number) >= top && (after.at(-1) as number) < top + 8192, `${after} from ${top} on`)
})

/** Half a megabyte a round, and far more in all than is given up. */
const ROUNDS = 60
const CHUNKS = 1000
const CHUNK_BYTES = 500
const MOST_BYTES = 8 * 1024 * 1024

test('what is given up is bounded, however often there are free chunks again', { skip: mallinfo === undefined }, () => {
  const before = heapEnd()
  for (let round = 0; round < ROUNDS; round++) {
    const chunks = Array.from({ length: CHUNKS }, () => malloc(CHUNK_BYTES))
    // one between two that are taken cannot grow together with them, nor with the top
    for (const [at, chunk] of chunks.entries()) if (at % 2 === 0) free(chunk)
    takeFreeChunks()
    for (const [at, chunk] of chunks.entries()) if (at % 2 === 1) free(chunk)
  }
  const grown = heapEnd() - before
  assert.ok(grown < MOST_BYTES + 2 * CHUNKS * CHUNK_BYTES, `${grown} bytes after ${ROUNDS} rounds`)
})
