import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { constants } from 'node:os'
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
    name: 'SIGPIPE is ignored: a write to a closed socket is EPIPE or ECONNRESET',
    async run() {
      const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
      await once(server, 'listening')
      const client = connect((server.address() as { port: number }).port, '127.0.0.1')
      const keepWriting = setInterval(() => client.write('x'), 1)
      const [error] = await new Promise<[NodeJS.ErrnoException]>((resolve) => client.once('error', (e) => resolve([e])))
      clearInterval(keepWriting)
      assert.match(String(error.code), /^(EPIPE|ECONNRESET)$/)
      server.close()
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
