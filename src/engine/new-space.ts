/** Where V8 makes new objects. */
import { c, dlsym } from '../libc/ffi.js'

/** node::LowMemoryNotification(), as Node 20 to 26 export it. */
const NAME = '_ZN4node21LowMemoryNotificationEv'

let release: (() => void) | undefined
const find = (): (() => void) => (dlsym(NAME) === undefined ? () => {} : c(`void ${NAME}()`))

/**
 * Collects garbage, and has V8 give back what it made the space for new objects larger by: a program that starts with much has it grow to
 * 128 pages at random addresses, which no collection moves. It grows again where it is needed. Does nothing where Node has no such function.
 */
export function releaseNewSpace(): void {
  const asked = release ?? find()
  release = asked
  asked()
}
