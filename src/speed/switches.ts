/**
 * What a supervisor does for speed only. Each can be left out, to rule it out or to measure it:
 * `TINED_WITHOUT=freeze,huge-text`. What each is worth: `npm run bench:ablation`.
 */
export const SPEED_TRICKS = [
  'light-fork',
  'rehearsal',
  'optimisation',
  'whole-roots',
  'huge-text',
  'compact-heap',
  'freeze',
] as const
export type SpeedTrick = (typeof SPEED_TRICKS)[number]

const left = new Set((process.env['TINED_WITHOUT'] ?? '').split(',').filter(Boolean))

/** Reports whether a trick is used. @throws {TypeError} when TINED_WITHOUT names something else */
export function uses(trick: SpeedTrick): boolean {
  for (const name of left)
    if (!SPEED_TRICKS.includes(name as SpeedTrick))
      throw new TypeError(`TINED_WITHOUT: expected some of ${SPEED_TRICKS.join(',')}, got ${JSON.stringify(name)}`)
  return !left.has(trick)
}
