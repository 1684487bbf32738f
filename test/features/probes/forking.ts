/** A forked child forks. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { _exit, getpid, getppid, waitpid } from '../../../src/posix/process.js'
import { decodeStatus } from '../../../src/posix/wait-status.js'
import { fork } from '../../../src/process/fork.js'
import type { Probe } from '../probe.js'

/** Leaves the microtask that a probe runs in. The probe goes on only when the process has nothing else to do. */
const whenIdle = (act: () => void): Promise<void> =>
  new Promise((resolve, reject) => {
    process.once('beforeExit', () =>
      setImmediate(() => {
        try {
          act()
          resolve()
        } catch (error) {
          reject(error)
        }
      }),
    )
  })

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

export const probes: Probe[] = [
  {
    name: 'a grandchild runs Node and ends naturally',
    run() {
      process.once('beforeExit', () =>
        setImmediate(() => {
          const pid = fork()
          if (pid === 0) endNaturally(21)
          else process.exitCode = codeOf(pid)
        }),
      )
    },
    expect: { code: 21, stderr: /^$/ },
  },
  {
    name: 'a great-grandchild uses the file system, and each generation sees the next end',
    run() {
      const descend = (generation: number): void => {
        const pid = fork()
        if (pid > 0) process.exit(codeOf(pid) + 1)
        else if (generation < 3) setImmediate(descend, generation + 1)
        else readFile('/proc/self/stat', 'utf8').then((stat) => process.exit(stat.startsWith(`${getpid()} `) ? 30 : 99))
      }
      process.once('beforeExit', () => setImmediate(descend, 1))
    },
    expect: { code: 33, stderr: /^$/ },
  },
  {
    name: 'an uncaught error in a grandchild is printed once, and its code is 1',
    run() {
      process.once('beforeExit', () =>
        setImmediate(() => {
          const pid = fork()
          if (pid > 0) console.log(`grandchild ended with ${codeOf(pid)}`)
          else
            setImmediate(() => {
              throw new Error('in the grandchild')
            })
        }),
      )
    },
    expect: {
      code: 0,
      stdout: /grandchild ended with 1/,
      stderr: /^(?![^]*in the grandchild[^]*in the grandchild)[^]*in the grandchild/,
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
        assert.throws(() => waitpid(-1), { code: 'ECHILD' })
      }),
  },
]
