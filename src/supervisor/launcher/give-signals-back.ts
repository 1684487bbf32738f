/**
 * The end of listening for signals. What a signal does is libuv's to ask in the next turn of Node's loop: one that has come since the last
 * turn would be lost with the listener. So first the kernel gives it its default action, which no signal can slip past, and the
 * listener goes when the loop has told of those that had come before.
 */
import { holdAction } from '../../libc/signal.js'
import type { ManagedSignal } from '../signals.js'

/** Turns of setImmediate after which the loop has been asked: the first may be of a turn that has asked already. */
const TURNS = 2

/**
 * Stops listening, and loses nothing that has come.
 *
 * @param listener hears of a signal that had come before, unless others listen for that: they hear of it without us
 * @param over called when nothing more can come, after the listener was taken away
 */
export function giveSignalsBack(
  signals: readonly ManagedSignal[],
  listener: NodeJS.SignalsListener,
  over: () => void,
): void {
  const held = new Map<string | symbol, () => void>()
  for (const { name, number } of signals) {
    if (process.listenerCount(name) > 1) process.off(name, listener)
    else if (process.listeners(name).includes(listener)) held.set(name, holdAction(number))
  }
  // to whoever listens meanwhile Node gives the handle of ours, and says nothing to the kernel
  const release = (name: string | symbol): void => {
    held.get(name)?.()
    held.delete(name)
  }
  process.on('newListener', release)
  afterTurns(TURNS, () => {
    process.off('newListener', release)
    for (const { name } of signals) process.off(name, listener)
    over()
  })
}

function afterTurns(turns: number, act: () => void): void {
  if (turns === 0) act()
  else setImmediate(afterTurns, turns - 1, act)
}
