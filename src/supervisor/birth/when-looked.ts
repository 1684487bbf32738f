import { isPlenty, lookForPlenty } from '../../fork/plenty.js'
import { inTurn } from '../../fork/room.js'
import type { ChildChannel } from '../plan.js'

/** A process that makes threads is told whether there is plenty of room for them. */
export const whenLooked =
  (fork: () => number, { sender }: ChildChannel): (() => number) =>
  () => {
    lookForPlenty()
    return isPlenty() || sender < 0 ? fork() : inTurn(sender, fork)
  }
