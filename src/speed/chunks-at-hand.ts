/**
 * What a child asks malloc(3) for lies side by side. V8 keeps notes of new objects that old ones point to, in pieces of one size, and a
 * child makes up to seven. From a heap that was used for long each comes from elsewhere, with its neighbours looked at: three pages that are
 * copied for each piece. The C library keeps the last seven that were freed of a size for the next who asks (its tcache), so that the right
 * seven only have to be the last.
 */
import { free, malloc } from '../libc/memory.js'

/** A bucket of V8's remembered set: 32 cells of 32 bits, on Node 20 to 26. */
const BUCKET_BYTES = 128
/** With what malloc keeps beside it. */
const CHUNK_BYTES = BUCKET_BYTES + 16
const KEPT = 7
/** In a row: of these the supervisor takes some for itself. */
const RUN = 64
/** Free ones there may be before new memory is cut. In the heap of a program that has freed much there are too many to go through. */
const MOST = 20_000
/** Too much for any of them, and not so much that it would be mapped. */
const SORTED_BY_BYTES = 100_000

/** Those of the run that nobody has, from the first on; undefined before it is looked for. */
let spare: number[] | undefined
let start = 0

/** Has the next chunks of that size come from one or two pages. Elsewhere than in glibc nothing comes of it. */
export function putChunksAtHand(): void {
  spare ??= findRun()
  if (start === 0) return
  const others: number[] = []
  for (let taken = 0; taken < KEPT; taken++) {
    const chunk = malloc(BUCKET_BYTES)
    if (chunk >= start && chunk < start + RUN * CHUNK_BYTES) spare.push(chunk)
    else others.push(chunk)
  }
  spare.sort((one, other) => one - other)
  for (const chunk of spare.splice(0, KEPT).reverse()) free(chunk)
  for (const chunk of others) free(chunk)
  if (others.length > 0) sortFreed()
}

/** None where there are too many free ones in the way. */
function findRun(): number[] {
  const asked: number[] = []
  for (let inRow = 0; asked.length < MOST && inRow < RUN; ) {
    const chunk = malloc(BUCKET_BYTES)
    inRow = chunk === (asked.at(-1) ?? 0) + CHUNK_BYTES ? inRow + 1 : 1
    asked.push(chunk)
  }
  const found = asked.length < MOST ? asked.splice(-RUN) : []
  start = found[0] ?? 0
  for (const chunk of asked) free(chunk)
  sortFreed()
  return found
}

/** Else whoever asks next for any size would go through what was freed, and that may be a child. */
const sortFreed = (): void => free(malloc(SORTED_BY_BYTES))
