/** What so many of a number of times are below, as far as powers of two tell: also the page in page/ asks for it. */

/** How many took less than 2 to the power of the place, in microseconds, and not less than half of that; the last: all longer ones. */
type Buckets = readonly number[]

const US_PER_MS = 1000

/** Those that were added in between. */
export const bucketsSince = (before: Buckets, now: Buckets): number[] =>
  now.map((count, place) => Math.max(0, count - (before[place] ?? 0)))

/**
 * In milliseconds; undefined of none. Between two powers of two all are taken to be spread evenly, and of longer ones than the greatest
 * it is that.
 *
 * @param share 0.5 for the median, 0.99 for what one of a hundred is above
 */
export function percentileMs(buckets: Buckets, share: number): number | undefined {
  const wanted = buckets.reduce((sum, count) => sum + count, 0) * share
  if (wanted === 0) return undefined
  let below = 0
  for (const [place, count] of buckets.entries()) {
    if (count > 0 && below + count >= wanted) {
      const least = place === 0 ? 0 : 2 ** (place - 1)
      const most = place === buckets.length - 1 ? least : 2 ** place
      return (least + ((wanted - below) / count) * (most - least)) / US_PER_MS
    }
    below += count
  }
  return undefined
}
