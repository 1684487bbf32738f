/** The monotonic clock. */
const { hrtime } = process

/**
 * Milliseconds of CLOCK_MONOTONIC, with a fraction; only differences mean anything. `performance.now` is the same clock behind four calls, for
 * each of which a forked process copies pages. clock_gettime(2)
 */
export function nowMs(): number {
  const time = hrtime()
  return time[0] * 1e3 + time[1] / 1e6
}

/** What runs when it is asked. */
export const clock = [nowMs, hrtime] as const
