/** The first turns of Node's loop in a forked process: what was let go of comes to its end there, before user code runs. */
import { ChildProcess } from 'node:child_process'
import net from 'node:net'
import { isKeptOnFork } from './close-on-fork.js'
import { takeEnding } from './let-go.js'
import type { Closable } from './open-objects.js'

/**
 * One in which handles are closed, one in which their objects tell so, and one for whoever lets go of something because of that.
 */
const TURNS = 3

/** Node's own way of saying that a program has ended; there is none in public. */
type WithExit = { _handle: { onexit(code: number, signal: string): void } | null }

const isInput = (object: Closable): boolean => object instanceof net.Socket && (object as { fd?: number }).fd === 0
const isOutput = (object: Closable): boolean =>
  object === process.stdout || object === process.stderr || [1, 2].includes((object as { fd?: number }).fd ?? -1)

/** Marked by the program for whoever is forked. */
function isKept(object: Closable): boolean {
  const { _handle: handle } = object as { _handle?: { fd?: number } | null }
  return isKeptOnFork(handle?.fd ?? -1)
}

function end(object: Closable): void {
  if (isOutput(object) || isKept(object)) return
  if (isInput(object)) {
    // the descriptor stays, its reader goes
    const input = object as net.Socket
    input.removeAllListeners()
    input.pause().unref()
  } else if (object instanceof net.Socket) object.destroy()
  else if (object instanceof ChildProcess) (object as unknown as WithExit)._handle?.onexit(0, 'SIGKILL')
  else if ('close' in object) object.close()
  else (object as unknown as { stop(): void }).stop() // of fs.watchFile
}

/** As in a process that never had a channel: whoever looks for `process.send` before using it must not find it. */
function disconnect(): void {
  if (process.channel === undefined || process.channel === null) return
  process.disconnect()
  Object.assign(process, { send: undefined, disconnect: undefined })
}

/**
 * Ends what was let go of. To be called once Node's loop is this process's own; what happens because of it happens in the next turns.
 *
 * @returns whether there was anything
 */
export function endLetGo(): boolean {
  const objects = takeEnding()
  for (const object of objects) {
    try {
      end(object)
    } catch {
      // a server that did not listen, a socket that was closed: the error of a thing let go of is no error of the program
    }
  }
  disconnect()
  return objects.length > 0
}

/**
 * Calls `start` once what was let go of has ended. What is thrown meanwhile is thrown away: the error of a thing that was let go of
 * (an idle connection of a pool without a listener, say) is no error of the program.
 *
 * Always off the stack of the caller: what `start` throws is uncaught, as it would be from any later callback.
 */
export function afterEndings(start: () => void): void {
  if (!endLetGo()) {
    setImmediate(start)
    return
  }
  const swallow = !process.hasUncaughtExceptionCaptureCallback()
  if (swallow) process.setUncaughtExceptionCaptureCallback(() => {})
  let left = TURNS
  const turn = (): void => {
    if (--left > 0) {
      setImmediate(turn)
      return
    }
    if (swallow) process.setUncaughtExceptionCaptureCallback(null)
    start()
  }
  setImmediate(turn)
}
