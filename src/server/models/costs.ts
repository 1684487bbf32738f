/** What a server needs of the system to start. */
import { type Room, roomForLong, roomForNode, roomToFork } from '../../fork/room.js'
import type { Application } from '../application.js'

/** Processes that run as long as the server, each with what it needs for itself. */
const long = ({ threads }: Room): number => 1 + threads

/** Of a supervisor before it serves: its channel, its signals, its rehearsal, and a report from each process that runs long. */
const SUPERVISOR_DESCRIPTORS = 16

/**
 * @param processes what each process needs that serves at the start: workers, or the first connection's
 */
export function roomToStart({ costs }: Application, processes: readonly Room[]): Room {
  const services = costs?.services ?? 0
  const threads = processes.reduce((sum, room) => sum + long(room), services * long(roomForLong()))
  return roomToFork({ threads, descriptors: SUPERVISOR_DESCRIPTORS + services + processes.length })
}

/** What a process needs that serves. @param inNode whether it runs Node's loop */
export const roomToServe = (inNode: boolean): Room => (inNode ? roomForNode() : roomForLong())
