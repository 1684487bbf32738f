/** A forked child forks. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { fork } from 'tined'
import { _exit, decodeStatus, getpid, getppid, WNOHANG, waitpid } from 'tined/posix'
import type { Probe } from '../probe.js'

/** Forks only once the process has nothing else to do: what is alive then would be alive in both. */
const whenIdle = (act: () => void): void => void process.once('beforeExit', () => setImmediate(act))

const codeOf = (pid: number): number => {
  const waited = waitpid(pid)
  const status = waited && decodeStatus(waited.status)
  return status?.type === 'exited' ? status.code : assert.fail(JSON.stringify(status))
}

/** Ends as a program would that was forked and let alone. */
function endNaturally(code: number): void {
  process.removeAllListeners('beforeExit')
  process.exitCode = code
  setTimeout(() => {}, 2)
}

/** How the function is called that forks, each time with others of its kind pending. */
const callers: Record<string, (act: () => void) => void> = {
  'a time-out': (act) => void setTimeout(act, 1),
  'an interval': (act) => void setInterval(act, 1),
  'an immediate': (act) => void setImmediate(act),
}

/** Ends with 50, and how many callbacks of its parent's the child has run. */
function forkFrom(call: (act: () => void) => void): void {
  let ran = 0
  const count = (): void => {
    ran++
  }
  let forked = false
  setInterval(count, 1)
  setInterval(count, 1).unref()
  setTimeout(count, 5)
  call(() => {
    ran++
    if (forked) return
    forked = true
    const pid = fork()
    if (pid > 0) process.exit(codeOf(pid))
    ran = 0
    setTimeout(() => process.exit(50 + ran), 20)
  })
  setImmediate(count)
}

export const probes: Probe[] = [
  ...Object.entries(callers).map(([caller, call]) => ({
    name: `a child forked in the callback of ${caller} runs none of its parent’s`,
    run: () => forkFrom(call),
    expect: { code: 50, stderr: /^$/ },
  })),
  {
    name: 'a grandchild runs Node and ends naturally',
    run() {
      whenIdle(() => {
        const pid = fork()
        if (pid === 0) endNaturally(21)
        else process.exitCode = codeOf(pid)
      })
    },
    expect: { code: 21, stderr: /^$/ },
  },
  {
    name: 'a great-grandchild uses the file system, and each generation sees the next end',
    run() {
      const descend = (generation: number): void => {
        const pid = fork()
        if (pid > 0) process.exit(codeOf(pid) + 1)
        else if (generation < 3) whenIdle(() => descend(generation + 1))
        else readFile('/proc/self/stat', 'utf8').then((stat) => process.exit(stat.startsWith(`${getpid()} `) ? 30 : 99))
      }
      whenIdle(() => descend(1))
    },
    expect: { code: 33, stderr: /^$/ },
  },
  {
    name: 'a child may fork in its first turn',
    run() {
      whenIdle(() => {
        const pid = fork()
        if (pid > 0) process.exit(codeOf(pid) + 1)
        setImmediate(() => {
          const grandchild = fork()
          process.exit(grandchild === 0 ? 40 : codeOf(grandchild) + 1)
        })
      })
    },
    expect: { code: 42, stderr: /^$/ },
  },
  {
    name: 'an uncaught error in a grandchild is printed once, and its code is 1',
    run() {
      whenIdle(() => {
        const pid = fork()
        if (pid > 0) console.log(`grandchild ended with ${codeOf(pid)}`)
        else
          setImmediate(() => {
            throw new Error('in the grandchild')
          })
      })
    },
    expect: {
      code: 0,
      stdout: /grandchild ended with 1/,
      stderr: /^(?![\s\S]*in the grandchild[\s\S]*in the grandchild)[\s\S]*in the grandchild/,
    },
  },
  {
    name: 'ten children forked in a row are distinct and are all reaped',
    run: () =>
      whenIdle(() => {
        const parent = getpid()
        const pids = Array.from({ length: 10 }, (_, index) => {
          const pid = fork()
          if (pid === 0) _exit(getppid() === parent ? index : 99)
          return pid
        })
        assert.equal(new Set(pids).size, 10)
        assert.deepEqual(pids.map(codeOf), [...pids.keys()])
        assert.throws(() => waitpid(-1, WNOHANG), { code: 'ECHILD' })
        console.log('all ten')
      }),
    expect: { code: 0, stdout: /all ten/, stderr: /^$/ },
  },
]
