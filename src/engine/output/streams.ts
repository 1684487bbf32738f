/**
 * `process.stdout` and `process.stderr` of a process that ends by `_exit`: what is written to them is out when the call returns. What
 * Node makes of a pipe or a socket keeps in a queue what does not fit, and sets O_NONBLOCK for everybody who has it.
 */
import { fstatSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Writable } from 'node:stream'
import { getterOfStream, madeStream } from '../../libc/launcher-streams.js'
import { format } from '../../libc/node-util.js'
import type { StreamNumber } from '../../libc/standard-stream.js'
import { asStandard, NUMBERS, type StreamName } from '../../libc/standard-stream.js'
import { silence } from './silence.js'
import { writeOutput } from './write.js'

type Done = (error?: Error | null) => void
type Chunk = { chunk: Uint8Array | string; encoding: BufferEncoding }

let taken = false

/**
 * Once in a process that others are forked from, or in one that was forked.
 *
 * @param hasLoop whether Node's loop is this process's own, and may run
 */
export function takeStreams(hasLoop: boolean): void {
  if (taken) return
  taken = true
  takeStream('stdout', hasLoop)
  takeStream('stderr', hasLoop)
  // what Node says of itself, warnings for example, goes around the streams
  ;(process as unknown as { _rawDebug: unknown })._rawDebug = (...values: unknown[]): void =>
    writeOutput(2, Buffer.from(`${format(...values)}\n`))
}

function takeStream(name: StreamName, hasLoop: boolean): void {
  const getter = getterOfStream(name)
  if (getter === undefined) return
  const fd = NUMBERS[name]
  const kind = kindOf(fd)
  // of a file nothing is held back, and to look at its stream has no consequences
  const made = kind === 'file' ? process[name] : madeStream(name)
  if (made !== undefined) {
    if (made.writableLength > 0) exchange(name, made, hasLoop)
    else writeAtOnce(made, fd)
    return
  }
  let own: Writable | undefined
  provide(name, () => {
    own ??= writeAtOnce(kind === 'device' ? Reflect.apply(getter, process, []) : newStream(fd), fd)
    return own
  })
}

const provide = (name: StreamName, get: () => Writable): void =>
  void Object.defineProperty(process, name, { configurable: true, enumerable: true, get })

function kindOf(fd: StreamNumber): 'file' | 'device' | 'pipe' {
  try {
    const stat = fstatSync(fd)
    if (stat.isFIFO() || stat.isSocket()) return 'pipe'
    return stat.isCharacterDevice() ? 'device' : 'file'
  } catch {
    return 'file' // closed: Node makes a stream of it that goes nowhere
  }
}

/** A stream as Node makes it for a pipe, but for the handle, which would be of its loop. */
const newStream = (fd: StreamNumber): Writable => asStandard(new Socket({ readable: false, writable: true }), fd)

/** Makes a stream write in the call. */
function writeAtOnce(stream: Writable, fd: StreamNumber): Writable {
  const put = (bytes: Uint8Array, done: Done): void => {
    try {
      writeOutput(fd, bytes)
    } catch (error) {
      done(error as Error)
      return
    }
    done()
  }
  stream._write = (chunk: Uint8Array | string, encoding, done) => put(bytesOf({ chunk, encoding }), done)
  stream._writev = (chunks, done) => put(Buffer.concat(chunks.map(bytesOf)), done)
  return stream
}

const bytesOf = ({ chunk, encoding }: Chunk): Uint8Array =>
  typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk

/** In the place of a stream that still holds what the process we were forked from has printed, and will write itself. */
function exchange(name: StreamName, old: Writable, hasLoop: boolean): void {
  const own = writeAtOnce(newStream(NUMBERS[name]), NUMBERS[name])
  const printer = console as unknown as Record<'_stdout' | '_stderr', unknown>
  if (printer[`_${name}`] === old) printer[`_${name}`] = own
  provide(name, () => own)
  silence(old, own, hasLoop)
}
