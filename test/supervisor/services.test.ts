/** The supervisor's book of services, with processes that are only numbers. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { descriptors } from '../../src/fork/descriptors.js'
import { close, dup2 } from '../../src/libc/fd.js'
import { BlockingReactor } from '../../src/reactor/blocking-reactor.js'
import { type FromService, sendLine } from '../../src/supervisor/channel.js'
import type { Log, LogLine } from '../../src/supervisor/log.js'
import { type ServiceProcess, Services } from '../../src/supervisor/services.js'

/** Where the pretended process keeps its end of the report pipe. */
const REPORT = 700

function subject() {
  const lines: string[] = []
  const line: LogLine = (_fields, message) => lines.push(message)
  const log: Log = { error: line, warn: line, info: line, debug: line, debugs: true }
  const reactor = new BlockingReactor()
  let report = -1
  const remember = (fd: number): never => {
    report = fd
    return undefined as never
  }
  const services = new Services([{ role: 'writer', close: [], main: remember }], reactor, log, () => {})
  let forks = 0
  /** "Forks": keeps the report pipe open as the process would. */
  const fork = (process: ServiceProcess): number => {
    process.main()
    dup2(report, REPORT)
    return 1000 + ++forks
  }
  const wait = (ms: number): void => {
    let over = false
    reactor.after(ms, () => {
      over = true
    })
    reactor.run(() => over)
  }
  const says = (message: FromService): void => {
    sendLine(REPORT, message)
    wait(1)
  }
  return { services, fork, forks: () => forks, wait, says, lines }
}

const open = (): number => descriptors().length

test('a service is forked once, and is ready when it says so', () => {
  const { services, fork, forks, says } = subject()
  assert.equal(services.ready, false)
  services.startDue(fork)
  services.startDue(fork)
  assert.equal(forks(), 1)
  assert.equal(services.ready, false)
  says({ type: 'ready' })
  assert.equal(services.ready, true)
  close(REPORT)
  services.ended(1001, 'exited')
})

test('a service that fails before it is ready is why the server cannot start', () => {
  const { services, fork, says } = subject()
  services.startDue(fork)
  says({ type: 'failed', message: 'EACCES: /var/x', exitCode: 111 })
  close(REPORT)
  services.ended(1001, 'exited with status 1')
  assert.deepEqual(services.failure, { type: 'failed', message: 'EACCES: /var/x', exitCode: 111 })
})

test('a service that dies without a word before it is ready is a failure that says how it died', () => {
  const { services, fork } = subject()
  services.startDue(fork)
  close(REPORT)
  services.ended(1001, 'killed by SIGKILL')
  assert.deepEqual(services.failure, { message: 'the writer killed by SIGKILL before it was ready', exitCode: 111 })
})

test('a service that dies later is started again after a while, and leaks no descriptor', () => {
  const { services, fork, forks, says, wait } = subject()
  const before = open()
  services.startDue(fork)
  for (let round = 1; round <= 3; round++) {
    assert.equal(forks(), round)
    says({ type: 'ready' })
    close(REPORT)
    const since = performance.now()
    services.ended(1000 + round, 'killed by SIGKILL')
    assert.equal(services.startDue(fork), undefined)
    while (forks() === round) {
      wait(1)
      services.startDue(fork)
    }
    const waitedMs = performance.now() - since
    assert.ok(waitedMs >= 20 * 2 ** (round - 1), `that it was ready is no success, so later each time: ${waitedMs} ms`)
  }
  assert.equal(services.failure, undefined)
  services.finish()
  close(REPORT)
  services.ended(1004, 'exited with status 0')
  assert.equal(open(), before)
})

test('nothing is started again once the server ends', () => {
  const { services, fork, forks, says, wait } = subject()
  services.startDue(fork)
  says({ type: 'ready' })
  services.finish()
  close(REPORT)
  services.ended(1001, 'exited with status 0')
  wait(80)
  services.startDue(fork)
  assert.equal(forks(), 1)
})

test('a fork that fails is tried again, and leaks no descriptor', () => {
  const { services, fork, forks, wait, lines } = subject()
  const before = open()
  const failing = (): never => {
    throw new Error('EAGAIN')
  }
  services.startDue(failing)
  assert.equal(open(), before)
  wait(60)
  services.startDue(fork)
  assert.equal(forks(), 1)
  assert.equal(lines[0], 'cannot start: EAGAIN')
  close(REPORT)
  services.ended(1001, 'exited')
})
