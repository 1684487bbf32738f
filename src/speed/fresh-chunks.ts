/**
 * What is asked of malloc(3) from now on lies side by side. In a heap that was used for long each free chunk lies elsewhere, and malloc looks at
 * its neighbours: a child that asks for a dozen has as many pages copied, and the supervisor comes by more and more, which each fork copies
 * the entries of. So all that are free are taken and never given back. What is left is the top of the heap, which is cut from one end.
 */
import { free, heapEnd, mallinfo, malloc } from '../libc/memory.js'

/** More than that is not given up for speed in the life of a process: each collection of garbage leaves free chunks again. */
const MOST_BYTES = 8 * 1024 * 1024
/** Nor are more looked for at a time. */
const MOST_CHUNKS = 50_000
/** Just too little to be mapped by itself. M_MMAP_THRESHOLD in mallopt(3) */
const LARGEST_BYTES = 120_000
/** Up to here malloc has a list for every size. */
const SMALL_BYTES = 1032
const SMALLEST_BYTES = 24
const STEP_BYTES = 16

/** From large to small, so that what is left over of the large ones is found as well. */
function* sizes(): Generator<number> {
  for (let bytes = LARGEST_BYTES; bytes > SMALL_BYTES; bytes -= Math.ceil(bytes / STEP_BYTES)) yield bytes
  for (let bytes = SMALL_BYTES; bytes >= SMALLEST_BYTES; bytes -= STEP_BYTES) yield bytes
}

let leftBytes = MOST_BYTES

/** Takes them. Elsewhere than in glibc nothing comes of it. */
export function takeFreeChunks(): void {
  const info = mallinfo?.()
  if (info === undefined || info.fordblks > leftBytes) return
  const top = heapEnd() - info.keepcost
  // others are of the heap below, or of a heap that a thread has had: what one gives up another may keep for the next who asks
  const isOfTop = (chunk: number): boolean => chunk >= top && chunk < heapEnd()
  let left = MOST_CHUNKS
  for (const bytes of sizes()) {
    let chunk = malloc(bytes)
    for (; chunk > 0 && !isOfTop(chunk) && left > 0; left--) {
      leftBytes -= bytes
      chunk = malloc(bytes)
    }
    // a small one would be kept for the next who asks for that size, and the pieces of the top would lie apart
    if (bytes > SMALL_BYTES) free(chunk)
    else leftBytes -= bytes
  }
}
