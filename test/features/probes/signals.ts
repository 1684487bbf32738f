import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, writeSync } from 'node:fs'
import { constants } from 'node:os'
import { pipe2 } from 'tined/posix'
import type { Probe } from '../probe.js'

const { SIGHUP, SIGINT, SIGKILL, SIGTERM } = constants.signals

/** Sends itself a signal that it handles. The handler does not keep a loop alive, so a timer does. */
async function deliver(signal: NodeJS.Signals): Promise<void> {
  const alive = setTimeout(() => {}, 5000)
  const received = once(process, signal)
  process.kill(process.pid, signal)
  assert.deepEqual(await received, [signal, constants.signals[signal]])
  clearTimeout(alive)
}

/** Stays until a signal ends it. */
function wait(): Promise<void> {
  setInterval(() => {}, 1000)
  return new Promise(() => {})
}

export const probes: Probe[] = [
  { name: 'SIGTERM is handled', run: () => deliver('SIGTERM') },
  { name: 'SIGINT is handled', run: () => deliver('SIGINT') },
  { name: 'SIGHUP and SIGUSR2 are handled, twice', run: () => twice(['SIGHUP', 'SIGUSR2']) },
  { name: 'SIGUSR1 is handled', run: () => deliver('SIGUSR1') },
  {
    name: 'SIGCHLD announces a child',
    async run() {
      const announced = once(process, 'SIGCHLD')
      const child = spawn('true')
      await Promise.all([announced, once(child, 'exit')])
      assert.equal(child.exitCode, 0)
    },
  },
  {
    name: 'SIGPIPE is ignored: writing to a pipe without a reader is EPIPE',
    run() {
      const [reader, writer] = pipe2(0)
      closeSync(reader)
      assert.throws(() => writeSync(writer, 'x'), { code: 'EPIPE' })
      closeSync(writer)
    },
  },
  {
    name: 'SIGTERM kills by default',
    run() {
      process.kill(process.pid, 'SIGTERM')
      return wait()
    },
    expect: { signal: SIGTERM },
  },
  {
    name: 'SIGINT kills by default',
    run() {
      process.kill(process.pid, 'SIGINT')
      return wait()
    },
    expect: { signal: SIGINT },
  },
  {
    name: 'SIGHUP kills again once its listener is removed',
    async run() {
      await deliver('SIGHUP')
      process.kill(process.pid, 'SIGHUP')
      return wait()
    },
    expect: { signal: SIGHUP },
  },
  {
    name: 'SIGKILL kills',
    run() {
      process.kill(process.pid, 'SIGKILL')
      return wait()
    },
    expect: { signal: SIGKILL },
  },
]

async function twice(signals: NodeJS.Signals[]): Promise<void> {
  for (const signal of [...signals, ...signals]) await deliver(signal)
}
