/**
 * `process.stdout` and `process.stderr` of the program itself, before anything is forked: Node's own, with its queue, but where they
 * are pipes over a description of their own. Node sets O_NONBLOCK for whoever shares the pipe, siblings and the next program too; and
 * it does so early: to load `node:assert`, as pino does, makes `process.stderr`.
 *
 * Done when this is imported, which must be before pino is.
 */
import { fstatSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Writable } from 'node:stream'
import { isMainThread } from 'node:worker_threads'
import { O_CLOEXEC, O_NONBLOCK, O_WRONLY } from '../../libc/constants.js'
import { tryOpen } from '../../libc/fd.js'
import { O_NOCTTY } from '../../libc/io-constants.js'
import { openHandles } from '../handles.js'
import { asStandard, NUMBERS, type StreamName } from './standard-stream.js'

type Getter = (this: NodeJS.Process) => Writable

const getterOf = (name: StreamName): Getter | undefined =>
  Object.getOwnPropertyDescriptor(process, name)?.get as Getter | undefined

const nodes: Record<StreamName, Getter | undefined> = { stdout: getterOf('stdout'), stderr: getterOf('stderr') }
const ours: Partial<Record<StreamName, Getter>> = {}
const made: Partial<Record<StreamName, Writable>> = {}

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

/** Whether Node has made it. Of a terminal libuv opens another description, under another number. */
function hasHandle(name: StreamName): boolean {
  try {
    return openHandles().some(({ kind, fd }) => kind === 'tty' || fd === NUMBERS[name])
  } catch {
    return true
  }
}

function isPipe(fd: number): boolean {
  try {
    return fstatSync(fd).isFIFO()
  } catch {
    return false // closed
  }
}

function shield(name: StreamName): void {
  const fd = NUMBERS[name]
  const getter = nodes[name]
  if (getter === undefined || !isPipe(fd) || hasHandle(name)) return
  const make = (): Writable => {
    const own = tryOpen(`/proc/self/fd/${fd}`, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
    if (own === undefined) return Reflect.apply(getter, process, [])
    return asStandard(new Socket({ fd: own, readable: false, writable: true }), fd)
  }
  const get = (): Writable => {
    made[name] ??= make()
    return made[name]
  }
  ours[name] = get
  Object.defineProperty(process, name, { configurable: true, enumerable: true, get })
}

if (isMainThread) {
  shield('stdout')
  shield('stderr')
}
