/** What the program has open in JavaScript: found before a fork, so that whatever is forked can let go of it. */
import { ChildProcess } from 'node:child_process'
import dgram from 'node:dgram'
import { EventEmitter } from 'node:events'
import type fs from 'node:fs'
import net from 'node:net'
import { MessagePort } from 'node:worker_threads'
import { instancesOf } from '../engine/instances.js'
import { type PendingTimers, pendingTimers } from '../engine/node-timers.js'
import { programHandles } from './program-handles.js'

export interface OpenObjects extends PendingTimers {
  readonly ports: readonly MessagePort[]
  /** What has an end of its own. */
  readonly closable: readonly Closable[]
}

export type Closable = net.Socket | net.Server | dgram.Socket | ChildProcess | fs.FSWatcher | fs.StatWatcher

const kinds = [net.Socket, net.Server, dgram.Socket, ChildProcess] as const
/** Classes that Node does not export. */
const WATCHERS = ['FSWatcher', 'StatWatcher']

const isClosable = (object: object): object is Closable =>
  kinds.some((kind) => object instanceof kind) || WATCHERS.includes(object.constructor?.name)

/**
 * Looks for what is open; walks the heap only if there are sockets, servers, programs, watchers or ports, which takes some 60 ms.
 *
 * @throws {Error} when this Node is one that we do not know
 */
export function findOpenObjects(): OpenObjects {
  const closable = programHandles().some(
    ({ kind, fd, active }) => kind !== 'timer' && kind !== 'poll' && (fd > 2 ? kind !== 'tty' || active : active),
  )
  const ports = process.getActiveResourcesInfo().includes('MessagePort')
  return {
    ...pendingTimers(),
    // one that nobody has made an EventEmitter of is Node's own model of it, and crashes when it is called
    ports: ports
      ? instancesOf(MessagePort.prototype).filter((port) => Object.getOwnPropertySymbols(port).length > 0)
      : [],
    closable: closable ? instancesOf(EventEmitter.prototype).filter(isClosable) : [],
  }
}
