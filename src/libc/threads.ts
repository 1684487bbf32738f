/** Threads of the C library, made only to see whether there can be any. */
import { c, dlsym, fixedAddress } from './ffi.js'
import { withoutSignals } from './signal.js'

const createRaw: (thread: BigUint64Array, attributes: null, start: bigint, argument: number) => number = c(
  'int pthread_create(void *thread, void *attr, uint64_t start, uintptr_t arg)',
)
const joinRaw: (thread: bigint, result: null) => number = c('int pthread_join(uint64_t thread, void *result)')
const semInitRaw: (semaphore: number, shared: number, value: number) => number = c(
  'int sem_init(uintptr_t sem, int shared, unsigned int value)',
)
const semPostRaw: (semaphore: number) => number = c('int sem_post(uintptr_t sem)')

/** What each thread waits for; sem_t has 32 bytes, and must not move. */
const gate = new BigUint64Array(new ArrayBuffer(64))

/**
 * Has so many threads at once for a moment, each of which waits in sem_wait(3) and ends. In no process whose other threads may not
 * be joined. pthread_create(3)
 *
 * @returns 0, or the errno of the first that could not be made: EAGAIN, ENOMEM
 */
export function tryThreads(count: number): number {
  const start = dlsym('sem_wait')
  if (start === undefined) return 0
  return withoutSignals(() => {
    const semaphore = fixedAddress(gate)
    semInitRaw(semaphore, 0, 0)
    const threads = new BigUint64Array(count)
    let made = 0
    let errno = 0
    while (made < count && errno === 0) {
      errno = createRaw(threads.subarray(made), null, start, semaphore)
      if (errno === 0) made++
    }
    for (let index = 0; index < made; index++) semPostRaw(semaphore)
    for (let index = 0; index < made; index++) joinRaw(threads[index] as bigint, null)
    return errno
  })
}
