/** Quantities for people. */
import { inBytes, inTime } from '../src/observe/quantities.ts'

/** `512 B`, `1.2 MB`: in steps of 1024. */
export const size = (bytes: number): string => inBytes(bytes, [' B', ' KB', ' MB', ' GB', ' TB'])

/** `0.3 s`, `5 min`, `2 d` */
export const time = (ms: number): string => inTime(ms, [' s', ' min', ' h', ' d'])

export const number = (value: number): string =>
  value >= 100 || Number.isInteger(value) ? Math.round(value).toLocaleString('en') : value.toFixed(1)

/** `0.42 ms`, `12 ms` */
export const milliseconds = (ms: number): string => `${ms >= 10 ? Math.round(ms) : Number(ms.toFixed(2))} ms`
