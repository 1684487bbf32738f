/**
 * Forks COUNT children one after another and prints what each believes to be its own, a line of JSON per child:
 * `identity raw|public COUNT`. The first line is the parent's.
 */
import crypto, { randomInt as importedInt, randomUUID as importedUuid } from 'node:crypto'
import { readFileSync, readSync, writeSync } from 'node:fs'

// taken before Tined can replace anything, as a library does that was loaded first; drawing fills Node's caches
const { randomUUID, randomInt } = crypto
const drawn = [randomUUID(), randomInt(2 ** 40), Math.random(), globalThis.crypto.randomUUID()]

const { pipe } = await import('../../../src/libc/fd.js')
const { _exit, getpid, rawFork, waitpid } = await import('../../../src/libc/process.js')
const { fork, quiesce } = await import('../../../src/fork/fork.js')
const { renewIdentity } = await import('../../../src/engine/identity.js')

/** What a batch writes must fit into a pipe that nobody reads meanwhile. */
const BATCH = 50
const [readEnd, writeEnd] = pipe()
const [way, count] = [process.argv[2], Number(process.argv[3])]

function identify(index: number): string {
  process.title = `child ${index}`
  return JSON.stringify({
    math: Math.random(),
    uuids: [crypto.randomUUID(), importedUuid(), randomUUID(), globalThis.crypto.randomUUID()],
    integers: [crypto.randomInt(2 ** 40), importedInt(2 ** 40), randomInt(2 ** 40)],
    bytes: crypto.randomBytes(16).toString('hex'),
    pid: process.pid,
    getpid: getpid(),
    ppid: process.ppid,
    title: process.title,
    commandLine: readFileSync('/proc/self/cmdline', 'latin1').split('\0', 1)[0],
  })
}

/** Fills the parent's caches and seeds its generators, which the children after that must not share. */
const draw = (): unknown[] => [
  crypto.randomUUID(),
  crypto.randomInt(2 ** 40),
  Math.random(),
  globalThis.crypto.randomUUID(),
]

const report = (index: number): void => void writeSync(writeEnd, `${identify(index)}\n`)

/** Prints what `lines` children have written. */
function passOn(lines: number): void {
  const chunk = Buffer.alloc(65_536)
  for (let seen = 0; seen < lines; ) {
    const length = readSync(readEnd, chunk)
    seen += chunk.subarray(0, length).filter((byte) => byte === 0x0a).length
    writeSync(1, chunk.subarray(0, length))
  }
}

/** The cheap way of servers: V8's threads are stopped once, and children run synchronously. */
function forkRaw(): void {
  quiesce()
  for (let index = 0; index < count; index++) {
    if (index === 1) draw()
    const pid = rawFork()
    if (pid === 0) {
      renewIdentity(true)
      report(index)
      _exit(0)
    }
    waitpid(pid)
    if (index % BATCH === BATCH - 1 || index === count - 1) passOn((index % BATCH) + 1)
  }
  _exit(0)
}

/** Forks through the public function; each child goes on in its own loop. */
function forkPublic(index: number): void {
  if (index === count) return
  if (index === 1) draw()
  const pid = fork()
  if (pid === 0) {
    setTimeout(report, 1, index)
    return
  }
  waitpid(pid)
  passOn(1)
  setImmediate(forkPublic, index + 1)
}

setImmediate(() => {
  writeSync(1, `${JSON.stringify({ pid: getpid(), drawn })}\n`)
  if (way === 'raw') forkRaw()
  else forkPublic(0)
})
