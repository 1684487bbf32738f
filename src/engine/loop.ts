/** The few functions of Node's own libuv that a forked process needs. SAFETY: none of them runs Node's loop or JavaScript. */
import { c, dlsym, memoryAt, pointerAddress } from '../libc/ffi.js'
import { check } from '../libc/posix-error.js'
import { withoutSignals } from '../libc/signal.js'

/** Node's loop. */
export const defaultLoop: () => unknown = c('void *uv_default_loop()')
const loopFork: (loop: unknown) => number = c('int uv_loop_fork(void *loop)')
const callocRaw: (count: number, size: number) => unknown = c('void *calloc(size_t n, size_t size)')
const handleSize: (type: number) => number = c('size_t uv_handle_size(int type)')
const pollInit: (loop: unknown, handle: unknown, fd: number) => number = c(
  'int uv_poll_init(void *loop, void *handle, int fd)',
)
const pollStart: (handle: unknown, events: number, callback: bigint) => number = c(
  'int uv_poll_start(void *handle, int events, uint64_t cb)',
)
const pollStop: (handle: unknown) => number = c('int uv_poll_stop(void *handle)')

const handleRef: (handle: unknown) => void = c('void uv_ref(void *handle)')
const handleUnref: (handle: unknown) => void = c('void uv_unref(void *handle)')

const loopInit: (loop: unknown) => number = c('int uv_loop_init(void *loop)')
const loopSize: () => number = c('size_t uv_loop_size()')
const loopRun: (loop: unknown, mode: number) => number = c('int uv_run(void *loop, int mode)')
const loopClose: (loop: unknown) => number = c('int uv_loop_close(void *loop)')
const requestSize: (type: number) => number = c('size_t uv_req_size(int type)')
const queueWork: (loop: unknown, request: unknown, work: bigint, after: bigint) => number = c(
  'int uv_queue_work(void *loop, void *request, uint64_t work, uint64_t after)',
)
const freeRaw: (memory: unknown) => void = c('void free(void *memory)')

const UV_POLL = 8
const UV_WORK = 7
const UV_RUN_DEFAULT = 0
const UV_READABLE = 1
/** Byte offset of uv_loop_t.active_reqs.count: data*, active_handles, handle_queue[2], then the count (libuv 1.46-1.52). */
const ACTIVE_REQS = 32

/**
 * Re-creates the loop's kernel objects in a forked child, so that it shares none with the parent. uv_loop_fork
 *
 * Signals of this thread wait meanwhile: libuv's handler writes to a pipe that is closed and made anew here, and aborts the process
 * where it cannot. A process that makes its loop anew has no other threads that handle any.
 */
export const uv_loop_fork = (): void =>
  void check(
    withoutSignals(() => loopFork(defaultLoop())),
    'uv_loop_fork',
  )

/** Requests (fs, dns, crypto, zlib…) in flight in Node's loop: they would never finish in a forked child. */
export function activeRequests(): number {
  return memoryAt(pointerAddress(defaultLoop()), 64).readUInt32LE(ACTIVE_REQS)
}

/** A native function that takes one pointer and changes nothing, so it is safe as a callback that C calls. */
function harmless(): bigint {
  const address = dlsym('uv_is_active')
  if (address === undefined) throw new Error('uv_is_active is not exported by this node binary')
  return address
}

/**
 * Starts libuv's thread pool in a forked child. Until its first request libuv remembers the parent's threads, and some
 * ends of a process join them. The request is made on a loop of its own: on Node's it would be in flight for a turn,
 * and forbid forking meanwhile.
 */
export function startThreadPool(): void {
  const loop = callocRaw(1, loopSize())
  const request = callocRaw(1, requestSize(UV_WORK))
  check(loopInit(loop), 'uv_loop_init')
  const callback = harmless()
  check(queueWork(loop, request, callback, callback), 'uv_queue_work')
  loopRun(loop, UV_RUN_DEFAULT)
  check(loopClose(loop), 'uv_loop_close')
  freeRaw(request)
  freeRaw(loop)
}

/** Threads that libuv's pool has, or will have once it is used. https://docs.libuv.org/en/v1.x/threadpool.html */
export const threadPoolSize = (): number => {
  const wanted = Number.parseInt(process.env['UV_THREADPOOL_SIZE'] ?? '4', 10) || 1
  return Math.min(Math.max(wanted, 1), 1024)
}

/**
 * Gives libuv's pool `count` requests, each of which ends the thread that takes it: pthread_exit(3). Whatever is given to the
 * pool later waits for ever, so Node's loop must not run again, and the process must leave by `_exit`.
 */
export function endPoolThreads(count: number): void {
  const exit = dlsym('pthread_exit')
  if (exit === undefined) throw new Error('pthread_exit is not exported by the C library')
  for (let request = 0; request < count; request++)
    check(queueWork(defaultLoop(), callocRaw(1, requestSize(UV_WORK)), exit, harmless()), 'uv_queue_work')
}

/** A descriptor in Node's loop whose readiness only wakes the loop; JavaScript then looks in its check phase. */
export class UvWake {
  readonly #handle: unknown

  constructor(fd: number) {
    this.#handle = callocRaw(1, handleSize(UV_POLL))
    check(pollInit(defaultLoop(), this.#handle, fd), 'uv_poll_init', { fd })
  }

  /** Wakes the loop when the descriptor is readable, and keeps the loop alive. */
  start(): void {
    check(pollStart(this.#handle, UV_READABLE, harmless()), 'uv_poll_start')
  }

  stop(): void {
    check(pollStop(this.#handle), 'uv_poll_stop')
  }

  /** Whether the loop is kept alive while the descriptor is waited for, as it is at first. */
  ref(): void {
    handleRef(this.#handle)
  }

  unref(): void {
    handleUnref(this.#handle)
  }
}
