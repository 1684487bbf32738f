/** Quantities for people, in whatever units: also the page in page/ shows them. */

/** In steps of 1024, rounded to what one reads: `1.2` and the unit, `63` and the unit. @param units of which the first is a byte */
export function inBytes(bytes: number, units: readonly string[]): string {
  let unit = 0
  let value = bytes
  for (; value >= 999.5 && unit < units.length - 1; unit++) value /= 1024
  return `${unit > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value)}${units[unit]}`
}

/** Of the unit below so many make one. */
const STEPS = [60, 60, 24] as const

/** @param units of a second, a minute, an hour and a day */
export function inTime(ms: number, units: readonly [string, string, string, string]): string {
  let value = Math.max(0, ms) / 1000
  if (value < 9.95) return `${value.toFixed(1)}${units[0]}`
  for (const [place, most] of STEPS.entries()) {
    if (Math.round(value) < most) return `${Math.round(value)}${units[place]}`
    value /= most
  }
  return `${Math.round(value)}${units[3]}`
}
