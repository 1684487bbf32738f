/**
 * What a forked process must not inherit: the caches behind Math.random and node:crypto, and process.pid.
 *
 * `prepareIdentity` replaces the sources once, in the parent; `renewIdentity` then costs a child almost nothing.
 */
import crypto from 'node:crypto'
import { O_CLOEXEC } from '../libc/constants.js'
import { close, pipe2, read, write } from '../libc/fd.js'
import { _exit, getpid, waitpid } from '../libc/process.js'
import { publishReplacements, replaceMethod } from './replace-method.js'

let prepared = false
/** Draws of the current process are fresh once these are true. */
let mathSeeded = true
let cryptoDrained = true

/** node:crypto caches 128 UUIDs and 1,024 random integers; drawing as many leaves none of the parent's. */
const CACHED_UUIDS = 128
const CACHED_INTEGERS = 1024

const nativeRandom = Math.random
const { randomUUID, randomInt } = crypto

/** xoshiro128**, seeded by the kernel in each process that has forked or was forked. */
const state = new Uint32Array(4)
const rotate = (x: number, k: number): number => (x << k) | (x >>> (32 - k))

function nextWord(): number {
  const [s0, s1, s2, s3] = state as unknown as [number, number, number, number]
  const result = Math.imul(rotate(Math.imul(s1, 5), 7), 9)
  state[2] = s2 ^ s0
  state[3] = s3 ^ s1
  state[1] = s1 ^ (state[2] as number)
  state[0] = s0 ^ (state[3] as number)
  state[2] = (state[2] as number) ^ (s1 << 9)
  state[3] = rotate(state[3] as number, 11)
  return result >>> 0
}

function random(): number {
  if (!mathSeeded) {
    crypto.randomFillSync(state)
    mathSeeded = true
  }
  return ((nextWord() >>> 5) * 67_108_864 + (nextWord() >>> 6)) / 9_007_199_254_740_992
}

function drainCrypto(): void {
  if (cryptoDrained) return
  cryptoDrained = true
  for (let drawn = 0; drawn < CACHED_UUIDS; drawn++) randomUUID()
  for (let drawn = 0; drawn < CACHED_INTEGERS; drawn++) randomInt(2)
}

/** Puts a fresh-cache check before `object[name]`. */
const guard = (object: object, name: string): void =>
  replaceMethod(
    object,
    name,
    (original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        drainCrypto()
        return Reflect.apply(original, this, args)
      },
  )

/** Installs the renewable sources. Once in a process, before its first fork. */
export function prepareIdentity(): void {
  if (prepared) return
  prepared = true
  mathSeeded = false
  if (Math.random === nativeRandom) Math.random = random
  guard(crypto, 'randomUUID')
  guard(crypto, 'randomInt')
  guard(Object.getPrototypeOf(crypto.webcrypto), 'randomUUID')
  publishReplacements()
  Object.defineProperty(process, 'pid', { configurable: true, enumerable: true, get: getpid })
}

/**
 * Leaves nothing in the caches of this process: whoever is forked from it fills its own, even by a reference to the unwrapped functions.
 * Where a cache stands nobody tells, but a copy of this process draws the same numbers for as long as they come from it.
 *
 * @param copy forks, and returns 0 in the copy
 */
export function exhaustCaches(copy: () => number): void {
  exhaust(copy, CACHED_UUIDS, randomUUID)
  // the largest range: no drawn number is thrown away
  exhaust(copy, CACHED_INTEGERS, () => String(randomInt(2 ** 48 - 1)))
}

function exhaust(copy: () => number, size: number, draw: () => string): void {
  const [readEnd, writeEnd] = pipe2(O_CLOEXEC)
  const pid = copy()
  if (pid === 0) {
    writeAll(writeEnd, Buffer.from(Array.from({ length: size }, draw).join(' ')))
    _exit(0)
  }
  close(writeEnd)
  const theirs = readAll(readEnd).toString('latin1').split(' ')
  close(readEnd)
  waitpid(pid)
  let same = 0
  while (same < size && draw() === theirs[same]) same++
  // the first that differs was the first of a full cache
  if (same < size) for (let left = size - 1; left > 0; left--) draw()
}

function writeAll(fd: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += write(fd, bytes.subarray(done)) ?? 0
}

function readAll(fd: number): Buffer {
  const parts: Buffer[] = []
  const room = Buffer.alloc(4096)
  for (let count = read(fd, room); count !== undefined && count > 0; count = read(fd, room))
    parts.push(Buffer.from(room.subarray(0, count)))
  return Buffer.concat(parts)
}

/** Called first thing in a forked child. `eagerly` also renews for code that kept a reference to the unwrapped functions. */
export function renewIdentity(eagerly: boolean): void {
  mathSeeded = false
  cryptoDrained = false
  if (eagerly) drainCrypto()
}
