/**
 * `process.stdout` and `process.stderr` of the program itself, before anything is forked: Node's own, with its queue, but where they
 * are pipes over a description of their own. Node sets O_NONBLOCK for whoever shares the pipe, siblings and the next program too; and
 * it does so early: to load `node:assert`, as pino does, makes `process.stderr`; so does a look at all of `node:util`, as koffi takes.
 *
 * So whoever loads them calls `takeLauncherStreams` before, and that calls nothing through koffi. That this is imported first would not do:
 * of the files that src/ is made into, those of packages come first, and the others in any order.
 */
import { constants, fstatSync, openSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Writable } from 'node:stream'
import { isMainThread } from 'node:worker_threads'
import { asStandard, NUMBERS, type StreamName } from './standard-stream.js'

type Getter = (this: NodeJS.Process) => Writable

const getterOf = (name: StreamName): Getter | undefined =>
  Object.getOwnPropertyDescriptor(process, name)?.get as Getter | undefined

const nodes: Record<StreamName, Getter | undefined> = { stdout: getterOf('stdout'), stderr: getterOf('stderr') }
const ours: Partial<Record<StreamName, Getter>> = {}
const made: Partial<Record<StreamName, Writable>> = {}
const reopened: number[] = []

/** Descriptors of these streams. They are not let go of with what else Node's loop has: a stream is none that ends. */
export const streamDescriptors = (): readonly number[] => reopened

/** The getter that makes the stream, unless the program has put something else in its place. */
export function getterOfStream(name: StreamName): Getter | undefined {
  const getter = getterOf(name)
  return getter !== undefined && (getter === nodes[name] || getter === ours[name]) ? nodes[name] : undefined
}

/** The stream, if somebody has asked for it; to ask for it would make it. */
export function madeStream(name: StreamName): Writable | undefined {
  if (ours[name] !== undefined) return made[name]
  return hasHandle(name) ? process[name] : undefined
}

/** Node's accessor for what is alive in its loop, streams that are neither read nor written included. */
const internals = process as unknown as { _getActiveHandles(): { fd?: number }[] }

/** Whether Node has made it. */
const hasHandle = (name: StreamName): boolean => internals._getActiveHandles().some(({ fd }) => fd === NUMBERS[name])

function isPipe(fd: number): boolean {
  try {
    return fstatSync(fd).isFIFO()
  } catch {
    return false // closed
  }
}

/** Another description of the same pipe; undefined where that is refused: another user's, or no descriptor is free. */
function reopen(fd: number): number | undefined {
  try {
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK)
  } catch {
    return undefined
  }
}

function shield(name: StreamName): void {
  const fd = NUMBERS[name]
  const getter = nodes[name]
  if (getter === undefined || !isPipe(fd) || hasHandle(name)) return
  const make = (): Writable => {
    const own = reopen(fd)
    if (own === undefined) return Reflect.apply(getter, process, [])
    reopened.push(own)
    return asStandard(new Socket({ fd: own, readable: false, writable: true }), fd)
  }
  const get = (): Writable => {
    made[name] ??= make()
    return made[name]
  }
  ours[name] = get
  Object.defineProperty(process, name, { configurable: true, enumerable: true, get })
}

let taken = false

/** Once, before what makes `process.stderr` is loaded. */
export function takeLauncherStreams(): void {
  if (taken || !isMainThread) return
  taken = true
  shield('stdout')
  shield('stderr')
}
