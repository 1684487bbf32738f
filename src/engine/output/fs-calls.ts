/**
 * `fs.write` and its like on standard output and standard error, by which log libraries go around the streams: in a forked process they
 * write in the call, too. On a thread of libuv's pool a write would be lost with the process.
 */
import fs from 'node:fs'
import type { StreamNumber } from '../../libc/standard-stream.js'
import { type AnyFunction, publishReplacements, replaceMethod } from '../replace-method.js'
import { writeOutput } from './write.js'

let taken = false

/** Once in a process that others are forked from, or in one that was forked. */
export function takeFsCalls(): void {
  if (taken) return
  taken = true
  for (const name of ['writeSync', 'writevSync'])
    replaceMethod(fs, name, (original) => (fd: number, ...args: unknown[]) => {
      const bytes = isStream(fd) ? bytesOf(args) : undefined
      if (bytes === undefined) return original(fd, ...args)
      writeOutput(fd as StreamNumber, bytes)
      return bytes.length
    })
  for (const name of ['write', 'writev'])
    replaceMethod(fs, name, (original) => (fd: number, ...args: unknown[]) => {
      const done = args.at(-1)
      const bytes = isStream(fd) && typeof done === 'function' ? bytesOf(args.slice(0, -1)) : undefined
      if (bytes === undefined) return original(fd, ...args)
      writeAndCall(fd as StreamNumber, bytes, args[0], done as AnyFunction)
    })
  publishReplacements()
}

const isStream = (fd: unknown): boolean => fd === 1 || fd === 2

/** What is to be written; undefined for what is Node's to refuse, and for a place in a file. */
function bytesOf([data, ...more]: unknown[]): Uint8Array | undefined {
  if (typeof data === 'string') return typeof more[0] === 'number' ? undefined : text(data, more[1])
  if (Array.isArray(data))
    return typeof more[0] !== 'number' && data.every(ArrayBuffer.isView) ? joined(data) : undefined
  return ArrayBuffer.isView(data) ? part(data, more) : undefined
}

const text = (data: string, encoding: unknown): Uint8Array | undefined =>
  encoding === undefined || encoding === null || Buffer.isEncoding(String(encoding))
    ? Buffer.from(data, (encoding ?? 'utf8') as BufferEncoding)
    : undefined

const viewOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength)

const joined = (views: ArrayBufferView[]): Uint8Array => Buffer.concat(views.map(viewOf))

/** `buffer, offset, length, position` or `buffer, { offset, length, position }` */
function part(data: ArrayBufferView, more: unknown[]): Uint8Array | undefined {
  const named = typeof more[0] === 'object' ? (more[0] ?? {}) : { offset: more[0], length: more[1], position: more[2] }
  const { offset: from, length: count, position } = named as Record<string, unknown>
  const offset = from ?? 0
  const length = count ?? data.byteLength - Number(offset)
  const fits =
    Number.isInteger(offset) &&
    Number.isInteger(length) &&
    Number(offset) >= 0 &&
    Number(length) >= 0 &&
    Number(offset) + Number(length) <= data.byteLength
  if (!fits || typeof position === 'number' || typeof position === 'bigint') return undefined
  return viewOf(data).subarray(Number(offset), Number(offset) + Number(length))
}

let calling = false

/**
 * The callback is called before the call returns, too: where it queues what it has until the first write is done, as pino does, the
 * queue would end with the process. Not within another one, or a chain of them would fill the stack.
 */
function writeAndCall(fd: StreamNumber, bytes: Uint8Array, data: unknown, done: AnyFunction): void {
  let failure: unknown = null
  try {
    writeOutput(fd, bytes)
  } catch (error) {
    failure = error
  }
  const call = (): void => done(failure, failure === null ? bytes.length : 0, data)
  if (calling) {
    process.nextTick(call)
    return
  }
  calling = true
  try {
    call()
  } finally {
    calling = false
  }
}
