/** Quantities of `tined ps`, short enough for a column. */

const UNITS = ['', 'K', 'M', 'G', 'T']

/** `512`, `1.2K`, `63M`: in steps of 1024. */
export function size(bytes: number): string {
  let unit = 0
  let value = bytes
  for (; value >= 999.5 && unit < UNITS.length - 1; unit++) value /= 1024
  return `${unit > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value)}${UNITS[unit]}`
}

const STEPS = [
  [60, 's'],
  [60, 'm'],
  [24, 'h'],
] as const

/** `0.3s`, `12s`, `5m`, `3h`, `2d` */
export function time(ms: number): string {
  let value = Math.max(0, ms) / 1000
  if (value < 9.95) return `${value.toFixed(1)}s`
  for (const [most, unit] of STEPS) {
    if (Math.round(value) < most) return `${Math.round(value)}${unit}`
    value /= most
  }
  return `${Math.round(value)}d`
}

/** `0.02s`, `12s`, `5m` */
export const cpuTime = (ms: number): string => (ms < 9950 ? `${(ms / 1000).toFixed(2)}s` : time(ms))

/** Leaves out of the middle what is too much. */
export function cut(text: string, width: number): string {
  const letters = [...text]
  if (letters.length <= width) return text
  const tail = Math.floor((width - 1) / 3)
  return `${letters.slice(0, width - 1 - tail).join('')}…${tail === 0 ? '' : letters.slice(-tail).join('')}`
}

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`
