/** Quantities for people. */

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB']

/** `512 B`, `1.2 MB`: in steps of 1024. */
export function size(bytes: number): string {
  let unit = 0
  let value = bytes
  for (; value >= 999.5 && unit < UNITS.length - 1; unit++) value /= 1024
  return `${unit > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`
}

const STEPS = [
  [60, 's'],
  [60, 'min'],
  [24, 'h'],
] as const

/** `0.3 s`, `5 min`, `2 d` */
export function time(ms: number): string {
  let value = Math.max(0, ms) / 1000
  if (value < 9.95) return `${value.toFixed(1)} s`
  for (const [most, unit] of STEPS) {
    if (Math.round(value) < most) return `${Math.round(value)} ${unit}`
    value /= most
  }
  return `${Math.round(value)} d`
}

export const number = (value: number): string =>
  value >= 100 || Number.isInteger(value) ? Math.round(value).toLocaleString('en') : value.toFixed(1)
