/**
 * What a child asks malloc(3) for lies side by side. V8 keeps notes of new objects that old ones point to, in pieces of one size, and a
 * child makes up to seven. From a heap that was used for long each comes from elsewhere, with its neighbours looked at: three pages that are
 * copied for each piece. The C library keeps the last seven that were freed of a size for the next who asks (its tcache).
 */
import { free, malloc } from '../libc/memory.js'

/** A bucket of V8's remembered set: 32 cells of 32 bits, on Node 20 to 26. */
const BUCKET_BYTES = 128
/** With what malloc keeps beside it. */
const CHUNK_BYTES = BUCKET_BYTES + 16
const KEPT = 7
const PAGE_BYTES = 4096
/** Too much for any of them, and not so much that it would be mapped. */
const SORTED_BY_BYTES = 100_000n
/** Free chunks of that size there may be before new memory is cut. */
const MOST = 20_000

/** Has the next chunks of that size come from one page. Elsewhere than in glibc nothing comes of it. */
export function putChunksAtHand(): void {
  const asked: bigint[] = []
  while (asked.length < MOST && !areTogether(asked.slice(-KEPT))) asked.push(malloc(BigInt(BUCKET_BYTES)))
  // those that are freed first are kept
  for (const chunk of asked.reverse()) free(chunk)
  // the others would be sorted by whoever asks next for any, and that may be a child
  free(malloc(SORTED_BY_BYTES))
}

function areTogether(chunks: readonly bigint[]): boolean {
  const [first = 0n] = chunks
  const inPage = Number(first % BigInt(PAGE_BYTES)) + KEPT * CHUNK_BYTES <= PAGE_BYTES
  return (
    chunks.length === KEPT && inPage && chunks.every((chunk, index) => chunk === first + BigInt(index * CHUNK_BYTES))
  )
}
