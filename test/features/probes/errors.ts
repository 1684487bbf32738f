/** Errors that nobody catches: what they end, and what they leave running. */
import { EventEmitter } from 'node:events'
import { readFile } from 'node:fs'
import type { Probe } from '../probe.js'

const later = (act: () => void): void => void setTimeout(act, 1)

export const probes: Probe[] = [
  {
    name: 'an uncaught error ends with code 1 and its stack on standard error',
    run: () =>
      later(() => {
        throw new TypeError('from a timer')
      }),
    expect: { code: 1, stderr: /TypeError: from a timer\n +at / },
  },
  {
    name: 'an error thrown from a tick, in a file system callback, ends with code 1',
    run: () =>
      readFile('/etc/passwd', () =>
        process.nextTick(() => {
          throw new Error('from a tick')
        }),
      ),
    expect: { code: 1, stderr: /Error: from a tick/ },
  },
  {
    name: 'a thrown value that is no error is printed',
    run: () =>
      later(() => {
        throw { reason: 'no error' }
      }),
    expect: { code: 1, stderr: /reason: 'no error'/ },
  },
  {
    name: "an 'error' event without a listener ends with code 1",
    run: () => later(() => void new EventEmitter().emit('error', new Error('unheard'))),
    expect: { code: 1, stderr: /Error: unheard/ },
  },
  {
    name: 'a rejection that nobody handles ends with code 1',
    run: () => later(() => void Promise.reject(new RangeError('rejected'))),
    expect: { code: 1, stderr: /RangeError: rejected/ },
  },
  {
    name: 'a rejection with a value that is no error says so',
    run: () => later(() => void Promise.reject('only text')),
    expect: { code: 1, stderr: /ERR_UNHANDLED_REJECTION[\s\S]*only text|only text[\s\S]*ERR_UNHANDLED_REJECTION/ },
  },
  {
    name: 'an async function that throws ends with code 1',
    run: () =>
      later(async () => {
        await null
        throw new Error('after await')
      }),
    expect: { code: 1, stderr: /Error: after await/ },
  },
  {
    name: 'uncaughtException handles, and the loop goes on',
    run() {
      process.once('uncaughtException', (error, origin) => {
        later(() => console.log(`handled ${error.message}, ${origin}`))
      })
      later(() => {
        throw new Error('caught')
      })
    },
    expect: { code: 0, stdout: /handled caught, uncaughtException/ },
  },
  {
    name: 'unhandledRejection handles, and the loop goes on',
    run() {
      process.once('unhandledRejection', (reason) => later(() => console.log(`handled ${reason}`)))
      void Promise.reject('this')
    },
    expect: { code: 0, stdout: /handled this/ },
  },
  {
    name: 'a rejection handled late emits rejectionHandled',
    run() {
      process.once('unhandledRejection', (_reason, promise) => later(() => promise.catch(() => {})))
      process.once('rejectionHandled', () => console.log('handled late'))
      void Promise.reject(new Error('late'))
    },
    expect: { code: 0, stdout: /handled late/ },
  },
  {
    name: 'a capture callback takes an error',
    run() {
      process.setUncaughtExceptionCaptureCallback((error) => console.log(`captured ${error.message}`))
      later(() => {
        throw new Error('here')
      })
    },
    expect: { code: 0, stdout: /captured here/ },
  },
  {
    name: 'uncaughtExceptionMonitor sees an error and does not handle it',
    run() {
      process.on('uncaughtExceptionMonitor', (error) => console.log(`saw ${error.message}`))
      later(() => {
        throw new Error('passing')
      })
    },
    expect: { code: 1, stdout: /saw passing/, stderr: /Error: passing/ },
  },
  {
    name: 'an error in an uncaughtException listener ends with code 7',
    run() {
      process.on('uncaughtException', () => {
        throw new Error('second')
      })
      later(() => {
        throw new Error('first')
      })
    },
    expect: { code: 7, stderr: /Error: second/ },
  },
  {
    name: 'an error in the capture callback ends with code 7',
    run() {
      process.setUncaughtExceptionCaptureCallback(() => {
        throw new Error('second')
      })
      later(() => {
        throw new Error('first')
      })
    },
    expect: { code: 7, stderr: /Error: second/ },
  },
  {
    name: 'process.emitWarning writes to standard error',
    run: () => process.emitWarning('mind this', 'ProbeWarning'),
    expect: { stderr: /ProbeWarning: mind this/ },
  },
]
