/** `serve`: options and a handler in, a running server out. */
import { closeSync, renameSync, writeFileSync, writeSync } from 'node:fs'
import { activeRequests } from '../engine/loop.js'
import { ForkRefused } from '../fork/safety.js'
import { executeWithFlags, fallbackReason } from '../fork/way.js'
import { formatAddress } from '../libc/address.js'
import { close } from '../libc/fd.js'
import { supervise } from '../supervisor/birth.js'
import type { Stats } from '../supervisor/channel.js'
import { type Launched, launch, type ServerExit } from '../supervisor/launcher.js'
import { createLog, type Log } from '../supervisor/log.js'
import { descriptorsOf, type Listening } from '../supervisor/plan.js'
import type { Application } from './application.js'
import type { Handler } from './connection/handler.js'
import { openListener, removeSocketFile } from './listen.js'
import { forkModel } from './models/fork.js'
import { multiplexModel } from './models/multiplex/model.js'
import { SingleServer } from './models/single.js'
import { checkOptions, type ServeOptions, type ServerOptions } from './options.js'

/** A running server, as its launcher sees it. */
export interface Server {
  /** Where it listens, real ports included: `127.0.0.1:9190`. */
  readonly addresses: readonly string[]
  /** The process that accepts. */
  readonly pid: number
  /** Fulfilled when the server has ended and nothing of its process tree is left. */
  readonly exited: Promise<ServerExit>
  /** Counters; `forked === running + reaped`. */
  stats(): Promise<Stats>
  /** Ends gracefully: no new connections, running ones finish. As SIGTERM does. */
  drain(): Promise<ServerExit>
  /** Ends at once. As SIGINT does. */
  stop(): Promise<ServerExit>
}

/**
 * Starts a server. Fulfilled once it listens and accepts.
 *
 * In all models but `single` the code after `await serve(…)` runs in the launcher only. The handler runs in forked copies of this
 * process, so what the module set up before is there; timers, servers and sockets must not be (they would live twice).
 *
 * @param handler `async (connection) => …`, or an object of callbacks
 * @throws {TypeError} {RangeError} bad options
 * @throws {PosixError} EADDRINUSE, EACCES, … when it cannot listen
 * @throws {ForkRefused} when this process cannot be forked safely
 * @example
 * ```ts
 * await serve({ port: 9190, model: 'fork' }, async (connection) => {
 *   for await (const chunk of connection) await connection.write(chunk)
 * })
 * ```
 */
export function serve(options: ServeOptions, handler: Handler): Promise<Server> {
  return serveApplication(options, { handler })
}

/** `serve` for a handler that brings processes of its own. */
export async function serveApplication(options: ServeOptions, application: Application): Promise<Server> {
  const checked = checkOptions(options)
  const { handler } = application
  if (typeof handler !== 'function' && (typeof handler !== 'object' || handler === null))
    throw new TypeError(`handler: expected a function or an object of callbacks, got ${String(handler)}`)
  const log = createLog(checked.logLevel, checked.log)
  if (checked.model !== 'single') enterWay(log, checked.portFd)
  const listening = openListeners(checked)
  try {
    const server =
      checked.model === 'single'
        ? startSingle(checked, listening, application, log)
        : await startForked(checked, listening, application, log)
    await announceOrStop(server, checked, listening)
    return server
  } catch (error) {
    for (const { address } of listening) removeSocketFile(address)
    throw error
  }
}

/** Takes the fallback where the first way does not hold; see src/fork/way.ts. */
function enterWay(log: Log, portFd: number | undefined): void {
  const reason = fallbackReason()
  if (reason === undefined) return
  log.info({ reason }, 'executing Node again with --single-threaded')
  executeWithFlags(portFd === undefined ? [] : [portFd])
}

function openListeners(options: ServerOptions): Listening[] {
  const listening: Listening[] = []
  try {
    const sockets = options.reusePort ? options.workers : 1
    for (const address of options.listen) listening.push(openListener(address, options.backlog, sockets))
    return listening
  } catch (error) {
    closeAll(listening)
    for (const { address } of listening) removeSocketFile(address)
    throw error
  }
}

function closeAll(listening: readonly Listening[]): void {
  for (const fd of descriptorsOf(listening)) close(fd)
}

const addressesOf = (listening: readonly Listening[]): string[] =>
  listening.map(({ address }) => formatAddress(address))

function startSingle(
  options: ServerOptions,
  listening: readonly Listening[],
  application: Application,
  log: Log,
): Server {
  let single: SingleServer
  try {
    single = new SingleServer(options, listening, application, log)
  } catch (error) {
    closeAll(listening)
    throw error
  }
  const exited = single.exited.then((exit) => cleanUp(listening, exit))
  return {
    addresses: addressesOf(listening),
    pid: single.pid,
    exited,
    stats: () => single.stats(),
    drain() {
      single.drain()
      return exited
    },
    stop() {
      single.stop()
      return exited
    },
  }
}

async function startForked(
  options: ServerOptions,
  listening: readonly Listening[],
  application: Application,
  log: Log,
): Promise<Server> {
  const launched = await launchWhenQuiet(options, listening, application, log)
  try {
    await launched.ready
  } catch (error) {
    await launched.exited
    throw error
  }
  const exited = launched.exited.then((exit) => cleanUp(listening, exit))
  return {
    addresses: addressesOf(listening),
    pid: launched.pid,
    exited,
    stats: () => launched.stats(),
    drain() {
      launched.send({ type: 'drain' })
      return exited
    },
    stop() {
      launched.send({ type: 'stop' })
      return exited
    },
  }
}

/** How long requests that are under way (a dynamic import, say) may take to finish before we refuse to fork. */
const QUIET_MS = 2000
/** Handles that were closed, a program's that has just exited for example, are there until the loop has turned. */
const CLOSING_TURNS = 3

/** Callbacks of `setImmediate` that wait: each process forked now would run them too. */
const immediatesPending = (): boolean => process.getActiveResourcesInfo().includes('Immediate')

function launchWhenQuiet(
  options: ServerOptions,
  listening: readonly Listening[],
  application: Application,
  log: Log,
): Promise<Launched> {
  const describe = options.model === 'multiplex' ? multiplexModel : forkModel
  const supervised = describe(options, listening, application, log)
  const deadline = performance.now() + QUIET_MS
  let turnsToWait = CLOSING_TURNS
  return new Promise((resolve, reject) => {
    const attempt = (): void => {
      // never from a promise callback: a child forked there could not run promises
      if (immediatesPending() && performance.now() < deadline) {
        setImmediate(attempt) // behind them
        return
      }
      if (activeRequests() > 0 && performance.now() < deadline) {
        setTimeout(() => setImmediate(attempt), 1)
        return
      }
      let launched: Launched | undefined
      try {
        launched = launch((birth) => supervise(birth, supervised), options.signals)
      } catch (error) {
        if (error instanceof ForkRefused && turnsToWait-- > 0) {
          setImmediate(attempt)
          return
        }
        closeAll(listening)
        reject(error)
        return
      }
      if (launched === undefined) return // a forked process: its promise of a server is never settled
      closeAll(listening)
      resolve(launched)
    }
    setImmediate(attempt)
  })
}

/** A server that nobody hears of must not go on. */
async function announceOrStop(server: Server, options: ServerOptions, listening: readonly Listening[]): Promise<void> {
  try {
    announce(options, listening)
  } catch (error) {
    await server.stop()
    throw error
  }
}

function announce(options: ServerOptions, listening: readonly Listening[]): void {
  const [first] = listening
  if (first === undefined) return
  const line = `${first.address.family === 'unix' ? formatAddress(first.address) : first.address.port}\n`
  if (options.portFd !== undefined) {
    writeSync(options.portFd, line)
    closeSync(options.portFd)
  }
  if (options.portFile !== undefined) {
    // renamed into place, so that whoever waits for the file never reads half of it
    writeFileSync(`${options.portFile}.new`, line)
    renameSync(`${options.portFile}.new`, options.portFile)
  }
}

function cleanUp(listening: readonly Listening[], exit: ServerExit): ServerExit {
  for (const { address } of listening) removeSocketFile(address)
  return exit
}
