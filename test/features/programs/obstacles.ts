/** What makes a fork unsafe, and how it goes away. */
import { spawn } from 'node:child_process'
import { pbkdf2 } from 'node:crypto'
import { once } from 'node:events'
import { watch } from 'node:fs'
import inspector from 'node:inspector'
import { register } from 'node:module'
import { type AddressInfo, connect, createServer } from 'node:net'
import { MessageChannel, Worker } from 'node:worker_threads'

export interface Obstacle {
  /** Takes it out of the way, and resolves when it is gone. */
  remove(): unknown
  /** Given when the place of the call is the obstacle: calls `attempt` from there. */
  forkWithin?(attempt: () => void): unknown
}

async function worker(source: string, referenced: boolean): Promise<Obstacle> {
  const thread = new Worker(source, { eval: true })
  await once(thread, 'message')
  if (!referenced) thread.unref()
  return { remove: () => thread.terminate() }
}

const LISTENING = `const { parentPort } = require('node:worker_threads')
  parentPort.on('message', () => {})
  parentPort.postMessage('up')`

const WAITING = `require('node:worker_threads').parentPort.postMessage('up')
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)`

/** Always asks V8's threads for something. */
const COMPILING = `const { parentPort } = require('node:worker_threads')
  const nothing = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])
  parentPort.postMessage('up')
  void (async () => {
    for (;;) {
      await WebAssembly.compile(nothing)
      globalThis.garbage = Array.from({ length: 10_000 }, (_, x) => ({ x }))
    }
  })()`

async function server(): Promise<Obstacle> {
  const listening = createServer().listen(0, '127.0.0.1')
  await once(listening, 'listening')
  return {
    remove() {
      listening.close()
      return once(listening, 'close')
    },
  }
}

async function connection(): Promise<Obstacle> {
  const listening = createServer((socket) => socket.resume()).listen(0, '127.0.0.1')
  await once(listening, 'listening')
  const client = connect((listening.address() as AddressInfo).port, '127.0.0.1')
  await once(client, 'connect')
  listening.close()
  return { remove: () => client.end() }
}

function request(): Obstacle {
  // long enough to be in flight when the next immediate runs
  const derived = new Promise((resolve) => pbkdf2('secret', 'salt', 300_000, 32, 'sha512', resolve))
  return { remove: () => derived }
}

function openInspector(): Obstacle {
  inspector.open(0, '127.0.0.1')
  return { remove: () => inspector.close() }
}

function childProcess(): Obstacle {
  const sleeper = spawn('sleep', ['60'], { stdio: 'ignore' })
  return {
    remove() {
      sleeper.kill()
      return once(sleeper, 'exit')
    },
  }
}

function watcher(): Obstacle {
  const watching = watch('/')
  return { remove: () => watching.close() }
}

function timer(): Obstacle {
  const timeout = setTimeout(() => {}, 60_000)
  return { remove: () => clearTimeout(timeout) }
}

function messageChannel(): Obstacle {
  const { port1 } = new MessageChannel()
  port1.on('message', () => {})
  return { remove: () => port1.close() }
}

/** As TypeScript loaders do. Node never ends this thread. */
async function moduleHooks(): Promise<Obstacle> {
  register('data:text/javascript,export const resolve = (name, context, next) => next(name, context)')
  await import('node:querystring')
  return { remove: gone }
}

const gone = (): void => {}

/** A Worker of the program's, which in /proc looks like the loader's thread. */
async function hooksAndWorker(): Promise<Obstacle> {
  await moduleHooks()
  return worker(LISTENING, false)
}

export const obstacles: Record<string, () => Obstacle | Promise<Obstacle>> = {
  nothing: () => ({ remove: gone }),
  'a live Worker': () => worker(LISTENING, true),
  'an unreferenced Worker': () => worker(LISTENING, false),
  'an unreferenced Worker in Atomics.wait': () => worker(WAITING, false),
  'a Worker that compiles': () => worker(COMPILING, true),
  'a request in flight': request,
  'an open inspector': openInspector,
  'a listening server': server,
  'a connected socket': connection,
  'a timer': timer,
  'a child process': childProcess,
  'a file watcher': watcher,
  'a MessageChannel': messageChannel,
  'module hooks': moduleHooks,
  'an unreferenced Worker beside module hooks': hooksAndWorker,
  'a promise callback': () => ({ remove: gone, forkWithin: (attempt) => Promise.resolve().then(attempt) }),
  'a microtask': () => ({ remove: gone, forkWithin: (attempt) => queueMicrotask(attempt) }),
  'an async function after await': () => ({
    remove: gone,
    async forkWithin(attempt) {
      await new Promise((resolve) => setImmediate(resolve))
      attempt()
    },
  }),
  'the top level of an ES module': () => ({ remove: gone, forkWithin: (attempt) => attempt() }),
}
