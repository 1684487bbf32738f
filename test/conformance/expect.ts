/** What cases share: errors by code, children that wait for a word, signals that come again and again. */
import assert from 'node:assert/strict'
import * as posix from '../../src/posix/index.js'
import { statOf } from '../harness/proc.js'

/** Demands a PosixError with this code. */
export const fails = (code: string, call: () => unknown): void => assert.throws(call, { name: 'PosixError', code })

/** How a child of ours ended. */
export const end = (pid: number): posix.WaitStatus => posix.decodeStatus(posix.waitpid(pid).status)

/** Demands that a child ends with status 0: its own assertions hold. */
export const endsWell = (pid: number): void => assert.deepEqual(end(pid), { type: 'exited', code: 0 })

/** A child that waits to be let go, and then runs `child`. Several may wait at one gate. */
export class Gate {
  readonly #ends = posix.pipe2(posix.O_CLOEXEC)

  fork(child: () => number = () => 0): number {
    return posix.fork(() => {
      this.wait()
      return child()
    })
  }

  /** In a child: returns once the gate is open. */
  wait(): void {
    posix.close(this.#ends[1])
    posix.read(this.#ends[0], Buffer.alloc(1))
  }

  open(): void {
    for (const fd of this.#ends) posix.close(fd)
  }
}

/** Waits until `look` holds; the case's own time limit is the only one. */
export function until(look: () => boolean): void {
  while (!look()) posix.sched_yield()
}

export const stateOf = (pid: number): string | undefined => statOf(pid)?.state
/** Waits until a child is dead and not waited for. */
export const untilZombie = (pid: number): void => until(() => stateOf(pid) === 'Z')
export const untilStopped = (pid: number): void => until(() => stateOf(pid) === 'T')

/** A handler. */
export const caughtIt = (): void => {}

/** SIGALRM every few milliseconds, so that sooner or later one comes while a call is blocked. */
export const alarmOften = (): void => void posix.setitimer(posix.ITIMER_REAL, { it_interval: 0.005, it_value: 0.005 })
export const alarmNever = (): void => void posix.setitimer(posix.ITIMER_REAL, { it_interval: 0, it_value: 0 })

/** Milliseconds that `call` took; only ever compared with a lower bound. */
export function took(call: () => unknown): number {
  const start = performance.now()
  call()
  return performance.now() - start
}

export const milliseconds = (count: number): posix.timespec => ({ tv_sec: 0, tv_nsec: count * 1e6 })
