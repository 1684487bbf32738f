/**
 * `process.stdout` and `process.stderr` of a process that ends by `_exit`: what is written to them is out when the call returns. What
 * Node makes of a pipe or a socket keeps in a queue what does not fit, and sets O_NONBLOCK for everybody who has it.
 */
import { fstatSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Writable } from 'node:stream'
import { format } from 'node:util'
import { openHandles } from '../handles.js'
import type { StreamNumber } from './shared-state.js'
import { silence } from './silence.js'
import { writeOutput } from './write.js'

type Name = 'stdout' | 'stderr'
type Done = (error?: Error | null) => void
type Chunk = { chunk: Uint8Array | string; encoding: BufferEncoding }

/** The parts of a stream that write, replaced. */
interface Written extends Writable {
  fd?: number
  _undestroy(): void
}

let taken = false

/** Once in a process that others are forked from, or in one that was forked. */
export function takeStreams(): void {
  if (taken) return
  taken = true
  takeStream('stdout', 1)
  takeStream('stderr', 2)
  // what Node says of itself, warnings for example, goes around the streams
  ;(process as unknown as { _rawDebug: unknown })._rawDebug = (...values: unknown[]): void =>
    writeOutput(2, Buffer.from(`${format(...values)}\n`))
}

function takeStream(name: Name, fd: StreamNumber): void {
  const kind = kindOf(fd)
  // of a file nothing is held back, and to look at its stream has no consequences
  if (kind === 'file' || isMade(fd, kind)) {
    const made = process[name] as unknown as Written
    if (made.writableLength > 0) exchange(name, fd, made)
    else writeAtOnce(made, fd)
    return
  }
  const nodes = Object.getOwnPropertyDescriptor(process, name)?.get
  let own: Written | undefined
  const get = (): Written => {
    own ??= kind === 'terminal' ? writeAtOnce(Reflect.apply(nodes as () => Written, process, []), fd) : madeFor(fd)
    return own
  }
  Object.defineProperty(process, name, { configurable: true, enumerable: true, get })
}

function kindOf(fd: StreamNumber): 'file' | 'terminal' | 'pipe' {
  try {
    const stat = fstatSync(fd)
    if (stat.isFIFO() || stat.isSocket()) return 'pipe'
    return stat.isCharacterDevice() ? 'terminal' : 'file'
  } catch {
    return 'file' // closed: Node makes a stream of it that goes nowhere
  }
}

/** Whether Node has made the stream already. To ask for it would make it. */
function isMade(fd: StreamNumber, kind: 'terminal' | 'pipe'): boolean {
  try {
    // libuv opens a terminal anew, under a number of its own
    return openHandles().some((handle) => (kind === 'terminal' ? handle.kind === 'tty' : handle.fd === fd))
  } catch {
    return true
  }
}

/** Makes a stream write in the call. */
function writeAtOnce<Stream extends Written>(stream: Stream, fd: StreamNumber): Stream {
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

/** A stream as Node makes it for a pipe, but for the handle, which would be of its loop. */
function madeFor(fd: StreamNumber): Written {
  const stream = new Socket({ readable: false, writable: true }) as unknown as Written
  Object.assign(stream, { fd, _type: 'pipe', _isStdio: true, destroySoon: stream.destroy })
  stream._destroy = (error, done) => {
    // like Node's: what fails once, or is ended by somebody, can still be written to by others
    done(error)
    stream._undestroy()
    process.nextTick(() => stream.emit('close'))
  }
  return writeAtOnce(stream, fd)
}

/** In the place of a stream that still holds what the process we were forked from has printed, and will print itself. */
function exchange(name: Name, fd: StreamNumber, old: Written): void {
  const own = madeFor(fd)
  Object.defineProperty(process, name, { configurable: true, enumerable: true, get: () => own })
  const printer = console as unknown as Record<'_stdout' | '_stderr', unknown>
  if (printer[`_${name}`] === old) printer[`_${name}`] = own
  silence(old, own)
}
