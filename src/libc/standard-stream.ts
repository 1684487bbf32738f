/** What `process.stdout` is to whoever uses it, when it is a pipe or a socket. */
import type { Socket } from 'node:net'
import type { Writable } from 'node:stream'

export type StreamName = 'stdout' | 'stderr'
export type StreamNumber = 1 | 2
export const NUMBERS: Record<StreamName, StreamNumber> = { stdout: 1, stderr: 2 }

/** Gives a socket what Node gives to its own standard streams. */
export function asStandard(socket: Socket, fd: StreamNumber): Writable {
  const stream = socket as Socket & { _undestroy(): void }
  Object.assign(stream, { fd, _type: 'pipe', _isStdio: true, destroySoon: stream.destroy })
  stream._destroy = (error, done) => {
    // what fails once, or is ended by somebody, can still be written to by others
    done(error)
    stream._undestroy()
    process.nextTick(() => stream.emit('close'))
  }
  return stream
}
