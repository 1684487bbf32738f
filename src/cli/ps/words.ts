/** Quantities of `tined ps`, short enough for a column. */
import { inBytes, inTime } from '../../observe/quantities.js'

/** `512`, `1.2K`, `63M`: in steps of 1024. */
export const size = (bytes: number): string => inBytes(bytes, ['', 'K', 'M', 'G', 'T'])

/** `0.3s`, `12s`, `5m`, `3h`, `2d` */
export const time = (ms: number): string => inTime(ms, ['s', 'm', 'h', 'd'])

/** `0.02s`, `12s`, `5m` */
export const cpuTime = (ms: number): string => (ms < 9950 ? `${(ms / 1000).toFixed(2)}s` : time(ms))

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`
