/**
 * What Node's loop has open: every handle of libuv, referenced or not. Node's own list (`process._getActiveHandles`) leaves out what
 * is unreferenced, as the idle sockets of connection pools are.
 */
import { c, memoryAt, pointerAddress } from '../libc/ffi.js'
import { defaultLoop } from './loop.js'

const fileno: (handle: bigint, fd: Int32Array) => number = c('int uv_fileno(uint64_t handle, void *fd)')
const isActive: (handle: bigint) => number = c('int uv_is_active(uint64_t handle)')
const pidOf: (handle: bigint) => number = c('int uv_process_get_pid(uint64_t handle)')

/**
 * uv_loop_t: data, active_handles, then the queue of handles, a ring of two pointers; uv_handle_t: data, loop, type, close_cb,
 * then its place in the ring (libuv 1.46 to 1.52; the count of requests behind the ring is what `activeRequests` reads).
 */
const LOOP_RING = 16
const HANDLE_RING = 32
const HANDLE_LOOP = 8
const HANDLE_TYPE = 16

/** uv_handle_type, those that a program makes. */
const KINDS: Record<number, HandleKind> = {
  3: 'fs_event',
  4: 'fs_poll',
  7: 'pipe',
  8: 'poll',
  10: 'process',
  12: 'tcp',
  13: 'timer',
  14: 'tty',
  15: 'udp',
}
export type HandleKind = 'fs_event' | 'fs_poll' | 'pipe' | 'poll' | 'process' | 'tcp' | 'timer' | 'tty' | 'udp'

export interface OpenHandle {
  readonly kind: HandleKind
  /** -1 where it has none, or is being closed. */
  readonly fd: number
  /** Reads, listens, runs or waits. */
  readonly active: boolean
}

/** More would mean that the ring is not what we take it for. */
const MOST_HANDLES = 1_000_000

const pointerAt = (address: bigint): bigint => memoryAt(address, 8).readBigUInt64LE()

const UV_ASYNC = 1
const asyncSend: (handle: bigint) => number = c('int uv_async_send(uint64_t handle)')

const loopBytes: () => number = c('size_t uv_loop_size()')
let known: ReadonlySet<bigint> = new Set()

/** From now on the handles that there are count as old. */
export function noteHandles(): void {
  known = new Set(handlesOf(pointerAddress(defaultLoop())))
}

/**
 * Wakes Node's loop for whoever may have tried when it could not be woken: libuv's pool, whose handle is a part of the loop, and what was
 * made since, message ports for example. Who has nothing to say finds nothing to do. Not for the old ones: Node's own handle for a
 * debugger would start one.
 */
export function wakeForNew(): void {
  const loop = pointerAddress(defaultLoop())
  const end = loop + BigInt(loopBytes())
  for (const handle of handlesOf(loop))
    if (typeOf(handle) === UV_ASYNC && (!known.has(handle) || (handle >= loop && handle < end))) asyncSend(handle)
}

/**
 * For a process whose loop never runs: whoever may wake it has done so, and libuv writes no second time. The program may have closed
 * the descriptor by then, and have a file of its own under that number.
 */
export function wakeForGood(): void {
  try {
    for (const handle of handlesOf(pointerAddress(defaultLoop()))) if (typeOf(handle) === UV_ASYNC) asyncSend(handle)
  } catch {
    // laid out in another way than we know: no reason not to run the program
  }
}

/** pthread_mutex_t, of glibc: it stands right before the pool's handle in uv_loop_t. */
const MUTEX_BYTES = process.arch === 'arm64' ? 48n : 40n
const lock: (mutex: bigint) => void = c('void uv_mutex_lock(uint64_t mutex)')
const unlock: (mutex: bigint) => void = c('void uv_mutex_unlock(uint64_t mutex)')

/**
 * Runs `act` while no thread of libuv's pool can report the end of a request: one that does while the loop's descriptors are made anew
 * writes to none, and aborts the process. They hold the loop's `wq_mutex` to report.
 *
 * @throws {Error} when libuv's memory is laid out in another way than we know
 */
export function whilePoolIsSilent(act: () => void): void {
  const loop = pointerAddress(defaultLoop())
  const end = loop + BigInt(loopBytes())
  const ofPool = handlesOf(loop).filter((handle) => typeOf(handle) === UV_ASYNC && handle >= loop && handle < end)
  if (ofPool.length !== 1) throw new Error('the layout of uv_loop_t is not one we know')
  const mutex = (ofPool[0] as bigint) - MUTEX_BYTES
  lock(mutex)
  try {
    act()
  } finally {
    unlock(mutex)
  }
}

const typeOf = (handle: bigint): number => memoryAt(handle + BigInt(HANDLE_TYPE), 4).readUInt32LE()

function handlesOf(loop: bigint): bigint[] {
  const ring = loop + BigInt(LOOP_RING)
  const handles: bigint[] = []
  for (let place = pointerAt(ring); place !== ring; place = pointerAt(place)) {
    const handle = place - BigInt(HANDLE_RING)
    if (handles.push(handle) > MOST_HANDLES || pointerAt(handle + BigInt(HANDLE_LOOP)) !== loop)
      throw new Error('the layout of uv_handle_t is not one we know')
  }
  return handles
}

/** @throws {Error} when libuv's memory is laid out in another way than we know */
export function openHandles(): OpenHandle[] {
  const handles: OpenHandle[] = []
  const fd = new Int32Array(1)
  for (const handle of handlesOf(pointerAddress(defaultLoop()))) {
    const kind = KINDS[typeOf(handle)]
    if (kind === undefined) continue
    const known = fileno(handle, fd) === 0
    handles.push({ kind, fd: known ? (fd[0] as number) : -1, active: isActive(handle) !== 0 })
  }
  return handles
}

/**
 * The processes that Node's loop waits for: what `child_process` has started, and whose end it has not told yet.
 *
 * @throws {Error} when libuv's memory is laid out in another way than we know
 */
export const awaitedProcesses = (): number[] =>
  handlesOf(pointerAddress(defaultLoop()))
    .filter((handle) => KINDS[typeOf(handle)] === 'process')
    .map(pidOf)
    .filter((pid) => pid > 0)
