/** How a child ends when no error is involved, and what its parent learns. */
import { createServer } from 'node:net'
import { constants } from 'node:os'
import type { Probe } from '../probe.js'

const later = (act: () => void): void => void setTimeout(act, 1)

/** Prints synchronously what happens at the end. */
function announceEnd(): void {
  process.on('beforeExit', (code) => console.log(`beforeExit ${code}`))
  process.on('exit', (code) => console.log(`exit ${code}`))
}

export const probes: Probe[] = [
  { name: 'the loop runs empty: code 0', run: () => later(() => {}), expect: { code: 0, stderr: /^$/ } },
  {
    name: 'beforeExit comes before exit',
    run: announceEnd,
    expect: { code: 0, stdout: /^beforeExit 0\nexit 0\n/m },
  },
  {
    name: 'beforeExit may give the loop more to do',
    run() {
      let rounds = 0
      process.on('beforeExit', () => {
        if (++rounds < 3) later(() => console.log(`round ${rounds}`))
      })
      announceEnd()
    },
    expect: { code: 0, stdout: /^round 1\n(.*\n)*round 2\n(.*\n)*exit 0\n/m },
  },
  {
    name: 'process.exitCode is the code of the natural end',
    run() {
      announceEnd()
      process.exitCode = 7
    },
    expect: { code: 7, stdout: /^beforeExit 7\nexit 7\n/m },
  },
  {
    name: "an 'exit' listener may set the code",
    run: () => void process.on('exit', () => (process.exitCode = 8)),
    expect: { code: 8 },
  },
  {
    name: 'process.exit ends at once, with a server and timers alive',
    run() {
      announceEnd()
      setInterval(() => {}, 1)
      createServer().listen(0, () => process.exit(5))
    },
    expect: { code: 5, stdout: /^exit 5\n/m },
  },
  {
    name: 'process.exit without an argument takes process.exitCode',
    run() {
      process.exitCode = 9
      later(() => process.exit())
    },
    expect: { code: 9 },
  },
  { name: 'process.exit keeps the low byte', run: () => later(() => process.exit(300)), expect: { code: 300 & 0xff } },
  { name: 'process.exit(-1) is 255', run: () => later(() => process.exit(-1)), expect: { code: 255 } },
  {
    name: "process.exit in an 'exit' listener wins",
    run: () => void process.on('exit', () => process.exit(11)),
    expect: { code: 11 },
  },
  {
    name: "an error in an 'exit' listener ends with code 1",
    run: () =>
      void process.on('exit', () => {
        throw new Error('while exiting')
      }),
    expect: { code: 1, stderr: /Error: while exiting/ },
  },
  {
    name: "'exit' listeners run in order, once and emitted ones too",
    run() {
      process.once('exit', () => process.stdout.write('first '))
      process.on('exit', () => process.stdout.write('second\n'))
    },
    expect: { code: 0, stdout: /^first second$/m },
  },
  {
    name: 'nothing asynchronous runs after exit',
    run() {
      process.on('exit', () => {
        process.nextTick(() => console.log('late tick'))
        setImmediate(() => console.log('late immediate'))
        console.log('leaving')
      })
    },
    expect: { code: 0, stdout: /^leaving\n\n/m },
  },
  {
    name: "removing every 'exit' listener still ends the child",
    run() {
      process.exitCode = 12
      process.removeAllListeners('exit')
    },
    expect: { code: 12 },
  },
  {
    name: 'a promise that never settles does not keep the child',
    async run() {
      await new Promise(() => {})
    },
    expect: { code: 0 },
  },
  {
    name: 'process.abort dies of SIGABRT',
    run: () => later(() => process.abort()),
    expect: { signal: constants.signals.SIGABRT },
  },
]
