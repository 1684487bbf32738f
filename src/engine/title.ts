/**
 * What `ps` shows of a process: its arguments, which it may write over. proc_pid_cmdline(5)
 *
 * Node's `process.title` does the same, but through an accessor that costs a freshly forked process a tenth of its life.
 */
import { argumentMemory, moveArguments } from '../libc/arguments.js'
import type { Compilable } from './compile.js'

/** What the longest title takes, an IPv6 address and the number of a connection included: `node app.js` has too few. */
const WANTED_BYTES = 96
/** For titles that handlers give. */
const MOVED_BYTES = 256

let room: Uint8Array = new Uint8Array(0)
let at = 0
let longest = 0

/**
 * Makes the arguments' memory ours. Once, in the process that others are forked from: they inherit the way to it.
 * `process.title` reads as many bytes as it last wrote, so it is made to write all there is room for.
 */
export function openTitle(): void {
  const found = argumentMemory()
  if (found.length < WANTED_BYTES) {
    const moved = moveArguments()
    if (moved !== undefined) {
      room = moved.subarray(0, MOVED_BYTES)
      setNodesTitle()
      return
    }
  }
  process.title = ' '.repeat(Math.max(1, found.length))
  found.fill(0)
  room = found
}

/** Node's own would go on to read and write what `ps` no longer shows. */
function setNodesTitle(): void {
  Object.defineProperty(process, 'title', {
    configurable: true,
    enumerable: true,
    get: () => Buffer.from(room.subarray(0, room.indexOf(0))).toString('latin1'),
    set: (title: unknown) => setTitle(String(title)),
  })
}

/**
 * Names this process, as far as there is room: `tined: connection 127.0.0.1:51234 #7`. Latin-1.
 *
 * Letter by letter, because a string made of numbers leaves traces in V8's caches, each a page to copy.
 *
 * @param port added after a colon; negative for none
 * @param id added after a hash; negative for none
 * @param host added to the text: a string that was put together would first be written out
 */
export function setTitle(text: string, port = -1, id = -1, host = ''): void {
  at = 0
  putText(text)
  putText(host)
  if (port >= 0) {
    put(COLON)
    putNumber(port)
  }
  if (id >= 0) {
    put(SPACE)
    put(HASH)
    putNumber(id)
  }
  const end = at
  while (at < longest) put(0)
  longest = end
}

const COLON = 58
const SPACE = 32
const HASH = 35
const ZERO = 48
const QUESTION_MARK = 63

/** Cut to a byte, a letter of a client's name could become any other, an escape for example. */
const latin1 = (code: number): number => (code < 0x100 ? code : QUESTION_MARK)

function putText(text: string): void {
  for (let index = 0; index < text.length; index++) put(latin1(text.charCodeAt(index)))
}

/** The last byte stays 0, or `ps` would read on into the environment. */
function put(byte: number): void {
  if (at < room.length - 1) room[at++] = byte
  else at++
}

function putNumber(value: number): void {
  let unit = 1
  while (unit * 10 <= value) unit *= 10
  for (let rest = value; unit >= 1; unit = Math.floor(unit / 10)) {
    put(ZERO + Math.floor(rest / unit))
    rest %= unit
  }
}

/** What runs to give a title, named for src/speed: on Node 24 these are not all made part of what calls them. */
export const hot: readonly Compilable[] = [setTitle, putText, put, putNumber, latin1]
