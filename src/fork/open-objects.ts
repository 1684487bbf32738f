/** What the program has open in JavaScript: found before a fork, so that whatever is forked can let go of it. */
import { ChildProcess } from 'node:child_process'
import dgram from 'node:dgram'
import { EventEmitter } from 'node:events'
import type fs from 'node:fs'
import net from 'node:net'
import { MessagePort } from 'node:worker_threads'
import { instancesOf } from '../engine/instances.js'
import { programHandles } from './program-handles.js'

export interface OpenObjects {
  readonly timers: readonly NodeJS.Timeout[]
  readonly immediates: readonly NodeJS.Immediate[]
  readonly ports: readonly MessagePort[]
  /** What has an end of its own. */
  readonly closable: readonly Closable[]
}

export type Closable = net.Socket | net.Server | dgram.Socket | ChildProcess | fs.FSWatcher | fs.StatWatcher

const NOTHING: OpenObjects = { timers: [], immediates: [], ports: [], closable: [] }

const kinds = [net.Socket, net.Server, dgram.Socket, ChildProcess] as const
/** Classes that Node does not export. */
const WATCHERS = ['FSWatcher', 'StatWatcher']

const isClosable = (object: object): object is Closable =>
  kinds.some((kind) => object instanceof kind) || WATCHERS.includes(object.constructor?.name)

/** The prototype of what `setTimeout` and `setImmediate` return: Node exports neither class. */
function prototypeOf<Made extends object>(make: () => Made, undo: (made: Made) => void): Made {
  const made = make()
  undo(made)
  return Object.getPrototypeOf(made)
}

/**
 * Looks for what is open; walks the heap only if something is, which takes some 60 ms for each kind.
 *
 * @throws {Error} when this Node is one that we do not know
 */
export function findOpenObjects(): OpenObjects {
  const handles = programHandles()
  // Node's own timer, by which it keeps those of programs, is the first that it makes; later ones are V8's delayed tasks
  const timers = handles.find(({ kind }) => kind === 'timer')?.active ?? false
  const closable = handles.some(
    ({ kind, fd, active }) => kind !== 'timer' && kind !== 'poll' && (fd > 2 ? kind !== 'tty' || active : active),
  )
  const resources = process.getActiveResourcesInfo()
  const immediates = resources.includes('Immediate')
  const ports = resources.includes('MessagePort')
  if (!timers && !closable && !immediates && !ports) return NOTHING
  return {
    timers: timers ? instancesOf(prototypeOf(() => setTimeout(() => {}, 0), clearTimeout)) : [],
    immediates: immediates ? instancesOf(prototypeOf(() => setImmediate(() => {}), clearImmediate)) : [],
    // one that nobody has made an EventEmitter of is Node's own model of it, and crashes when it is called
    ports: ports
      ? instancesOf(MessagePort.prototype).filter((port) => Object.getOwnPropertySymbols(port).length > 0)
      : [],
    closable: closable ? instancesOf(EventEmitter.prototype).filter(isClosable) : [],
  }
}
