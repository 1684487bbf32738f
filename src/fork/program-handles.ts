/** What the program has open in Node's loop, but for its standard streams, which every process has. */
import { type OpenHandle, openHandles } from '../engine/handles.js'
import { streamDescriptors } from '../libc/launcher-streams.js'

/** @throws {Error} when libuv's memory is laid out in another way than we know */
export function programHandles(): OpenHandle[] {
  const streams = streamDescriptors()
  return openHandles().filter(({ fd }) => !streams.includes(fd))
}
