/** Forks what is no connection: writers, loop workers, a page. */
import { becomeChild } from '../fork/become-child.js'
import { type Run, without } from '../fork/descriptors.js'
import { nowMs } from '../libc/clock.js'
import { leadTree, rawFork } from '../libc/process.js'
import type { Become } from './plan.js'
import type { ServiceProcess } from './services.js'
import type { Surroundings } from './surroundings.js'

/**
 * Forks a process for a service.
 *
 * @param waiting descriptors of clients that wait, which it is not to hold
 * @returns its pid; in the child what it is to do
 * @throws {PosixError} EAGAIN, ENOMEM
 */
export function forkService(
  { plan, children, watchdog }: Surroundings,
  waiting: readonly Run[],
  { role, number, close, report, main }: ServiceProcess,
): number | Become {
  const { board } = plan
  const id = number ?? 1
  const startedMs = Date.now()
  const slot = board.take(role, 0, -1, startedMs)
  const beforeMs = nowMs()
  let pid: number
  try {
    pid = rawFork()
  } catch (error) {
    board.release(slot)
    throw error
  }
  if (pid > 0) {
    board.forked(slot, pid, beforeMs)
    children.add({ pid, role, id, peer: undefined, startedMs, slot })
    watchdog.watch()
    return pid
  }
  board.show(slot)
  leadTree()
  const setup = role === 'worker' ? plan.workerSetup : plan.serviceSetup
  const others = without([...setup.close, ...close, ...waiting], report)
  becomeChild({ ...setup, close: others }, `tined: ${role}`, -1, number)
  return main
}
