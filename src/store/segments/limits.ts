/** When a file is closed and the next one begun, and which of those that were closed are removed. */

export interface SegmentLimits {
  /** The file is closed once it has so many bytes, or more. */
  readonly rotateBytes?: number | undefined
  /** And once its first record is so old. */
  readonly rotateAgeMs?: number | undefined
  /** Bytes of those that are closed, in all. */
  readonly keepBytes?: number | undefined
  /** From when the last record of one was stored. */
  readonly keepAgeMs?: number | undefined
  /** Of those that are closed. */
  readonly keepCount?: number | undefined
}

/** One that was closed. */
export interface Closed {
  readonly path: string
  readonly bytes: number
  /** When it was last written to, as `Date.now()`. */
  readonly writtenMs: number
}

export const rotates = ({ rotateBytes, rotateAgeMs }: SegmentLimits): boolean =>
  rotateBytes !== undefined || rotateAgeMs !== undefined

export const removes = ({ keepBytes, keepAgeMs, keepCount }: SegmentLimits): boolean =>
  keepBytes !== undefined || keepAgeMs !== undefined || keepCount !== undefined

/** @param firstMs time of the file's first record */
export const isDue = (
  { rotateBytes = Number.POSITIVE_INFINITY, rotateAgeMs = Number.POSITIVE_INFINITY }: SegmentLimits,
  bytes: number,
  firstMs: () => number,
  nowMs: number,
): boolean =>
  bytes > 0 && (bytes >= rotateBytes || (rotateAgeMs < Number.POSITIVE_INFINITY && nowMs - firstMs() >= rotateAgeMs))

/**
 * Which are to be removed: the oldest ones, as many as any limit asks for.
 *
 * @param closed the oldest first
 */
export function outdated(
  {
    keepBytes = Number.POSITIVE_INFINITY,
    keepAgeMs = Number.POSITIVE_INFINITY,
    keepCount = Number.POSITIVE_INFINITY,
  }: SegmentLimits,
  closed: readonly Closed[],
  nowMs: number,
): readonly Closed[] {
  let bytes = 0
  let kept = closed.length
  for (; kept > 0; kept--) {
    const next = closed[kept - 1] as Closed
    bytes += next.bytes
    if (bytes > keepBytes || nowMs - next.writtenMs > keepAgeMs || closed.length - kept >= keepCount) break
  }
  return closed.slice(0, kept)
}
