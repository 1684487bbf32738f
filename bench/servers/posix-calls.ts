// The same calls as bench/peers/posix-calls.c through tined/posix. Prints "name ns" lines. Measured in a forked child: it has
// one thread as the C program has, and descriptors cost the kernel more where threads share them.
import * as posix from 'tined/posix'

const MOST = 1000
const scale = Number(process.argv[2] ?? 1)

const buffer = Buffer.alloc(64)
const zero = posix.open('/dev/zero', posix.O_RDONLY)
const none = posix.open('/dev/null', posix.O_WRONLY)
const [readEnd] = posix.pipe()
const fds = Array.from({ length: MOST }, (_, index) => (index === 0 ? readEnd : posix.dup(readEnd)))

const reads = posix.fd_set()

function expect(value: number | undefined, expected: number): void {
  if (value !== expected) throw new Error(`expected ${expected}, got ${value}`)
}

function pollOf(count: number): () => void {
  const entries = fds.slice(0, count).map((fd) => ({ fd, events: posix.POLLIN, revents: 0 }))
  return () => expect(posix.poll(entries, 0), 0)
}

function selectOf(count: number): () => void {
  const watched = posix.fd_set()
  const list = fds.slice(0, count)
  for (const fd of list) posix.FD_SET(fd, watched)
  const nfds = Math.max(...list) + 1
  return () => {
    posix.FD_COPY(watched, reads)
    expect(posix.select(nfds, reads, null, null, { tv_sec: 0, tv_usec: 0 }), 0)
  }
}

const calls: readonly (readonly [name: string, times: number, once: () => void])[] = [
  ['read', 100_000, () => expect(posix.read(zero, buffer), 64)],
  ['write', 100_000, () => expect(posix.write(none, buffer), 64)],
  ['poll-10', 20_000, pollOf(10)],
  ['poll-1000', 1000, pollOf(1000)],
  ['select-10', 20_000, selectOf(10)],
  ['select-1000', 1000, selectOf(1000)],
]

/** Until V8 has compiled it, for which it needs the threads that the child lacks. */
for (const [, , once] of calls) for (let warm = 0; warm < 10_000; warm++) once()

posix.main(() => {
  const child = posix.fork(() => {
    for (const [name, times, once] of calls) {
      const started = process.hrtime.bigint()
      for (let call = 0; call < times * scale; call++) once()
      const ns = Number(process.hrtime.bigint() - started) / (times * scale)
      posix.write(1, `${name} ${ns}\n`)
    }
  })
  return posix.WEXITSTATUS(posix.waitpid(child).status)
})
