/** What the kernel says about processes below one: readers of /proc, which never throw. proc(5) */
import { readText } from '../libc/fd.js'

/**
 * The children of the main thread of a process, orphans that it has adopted included. A child that ends meanwhile may hide another.
 *
 * @returns undefined when it cannot be told: no descriptor is free, or the process is gone
 */
export const childrenOf = (pid: number): number[] | undefined =>
  readText(`/proc/${pid}/task/${pid}/children`)?.split(' ').filter(Boolean).map(Number)

const status = (pid: number, field: string): string | undefined =>
  new RegExp(`^${field}:\\s*(\\S*)`, 'm').exec(readText(`/proc/${pid}/status`) ?? '')?.[1]

/** `R`, `S`, `D`, `T`, `Z`; undefined when there is no such process. */
export const stateOf = (pid: number): string | undefined => status(pid, 'State')

/** `4711 (sleep, user 0, state S)` */
export const describeProcess = (pid: number): string =>
  `${pid} (${status(pid, 'Name') ?? 'unknown'}, user ${status(pid, 'Uid') ?? 'unknown'}, state ${stateOf(pid) ?? 'gone'})`

/** A limit of a process, as it stands in /proc: `1024`, `unlimited`. */
export const softLimitOf = (pid: number, name: string): string | undefined =>
  new RegExp(`^${name}\\s+(\\S+)`, 'm').exec(readText(`/proc/${pid}/limits`) ?? '')?.[1]
