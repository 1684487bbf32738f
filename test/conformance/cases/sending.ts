/** kill(2), raise(3), sigqueue(3), signal(7): sending, queueing, and what exec keeps. */
import assert from 'node:assert/strict'
import * as posix from '../../../src/posix/index.js'
import type { Cases } from '../case.js'
import { end, endsWell, fails, Gate, stateOf, until, untilStopped, untilZombie } from '../expect.js'

const { SIG_IGN, SIGCONT, SIGKILL, SIGRTMIN, SIGSTOP, SIGTERM, SIGUSR1, SIGUSR2 } = posix

/** Executes a shell in a child. */
const shell = (script: string, before: () => void = () => {}): posix.WaitStatus =>
  end(
    posix.fork(() => {
      before()
      posix.execve('/bin/sh', ['sh', '-c', script], process.env)
    }),
  )

/** A set of signals as the kernel shows it for a program that was executed: not a shell, which changes its mask. */
function afterExec(field: string, before: () => void): number[] {
  const [readEnd, writeEnd] = posix.pipe()
  const pid = posix.fork(() => {
    posix.dup2(writeEnd, 1)
    before()
    posix.execve('/bin/cat', ['cat', '/proc/self/status'], {})
  })
  posix.waitpid(pid)
  const bytes = Buffer.alloc(4096)
  const text = bytes.toString('utf8', 0, posix.read(readEnd, bytes))
  const bits = BigInt(`0x${new RegExp(`^${field}:\\s*(\\w+)`, 'm').exec(text)?.[1]}`)
  return Array.from({ length: 64 }, (_, index) => index + 1).filter((signal) => bits & (1n << BigInt(signal - 1)))
}

export const cases: Cases = {
  'raise(3): returns only after the handler has returned': () => {
    let handled = false
    posix.signal(SIGUSR1, () => {
      handled = true
    })
    posix.raise(SIGUSR1)
    assert.equal(handled, true)
  },
  'raise(3): EINVAL for a number that is no signal': () => fails('EINVAL', () => posix.raise(99)),
  'kill(POSIX): a signal to oneself that is not blocked is delivered before kill returns': () => {
    let handled = false
    posix.signal(SIGUSR1, () => {
      handled = true
    })
    posix.kill(posix.getpid(), SIGUSR1)
    assert.equal(handled, true)
  },
  'kill(2): signal 0 sends nothing and tells whether the process exists': () => {
    const gate = new Gate()
    const pid = gate.fork()
    assert.equal(posix.kill(pid, 0), true)
    gate.open()
    untilZombie(pid)
    assert.equal(posix.kill(pid, 0), true, 'a zombie exists')
    posix.waitpid(pid)
    assert.equal(posix.kill(pid, 0), false)
  },
  'kill(2): EINVAL for a number that is no signal': () => fails('EINVAL', () => posix.kill(posix.getpid(), 99)),
  'kill(2): pid 0 is every process of the group': () => {
    posix.setpgid(0, 0)
    posix.signal(SIGUSR1, () => {})
    const pids = [posix.fork(() => posix.pause()), posix.fork(() => posix.pause())]
    // a child may not be in pause yet: it is caught, so it comes again
    until(() => {
      posix.kill(0, SIGUSR1)
      return pids.every((pid) => stateOf(pid) === 'Z')
    })
    for (const pid of pids) endsWell(pid)
  },
  'kill(2): a negative pid is every process of that group': () => {
    const gate = new Gate()
    const leader = gate.fork()
    posix.setpgid(leader, leader)
    const member = gate.fork()
    posix.setpgid(member, leader)
    posix.kill(-leader, SIGTERM)
    for (const pid of [leader, member]) assert.equal(end(pid).type, 'signaled')
    gate.open()
  },
  'signal(7): SIGKILL cannot be blocked': () => {
    const pid = posix.fork(() => {
      posix.sigprocmask(posix.SIG_SETMASK, posix.sigfillset())
      posix.raise(SIGKILL)
    })
    assert.deepEqual(end(pid), { type: 'signaled', signal: SIGKILL, core: false })
  },
  'signal(7): SIGCONT continues a stopped process even when it is ignored': () => {
    const gate = new Gate()
    const pid = gate.fork()
    posix.kill(pid, SIGSTOP)
    untilStopped(pid)
    posix.kill(pid, SIGCONT)
    gate.open()
    endsWell(pid)
  },
  'signal(7): a standard signal that is sent many times while blocked is delivered once': () => {
    let count = 0
    posix.signal(SIGUSR1, () => void count++)
    posix.sigprocmask(posix.SIG_BLOCK, [SIGUSR1])
    for (let round = 0; round < 5; round++) posix.raise(SIGUSR1)
    posix.sigprocmask(posix.SIG_UNBLOCK, [SIGUSR1])
    assert.equal(count, 1)
  },
  'signal(7): real-time signals queue, and come in the order they were sent': () => {
    const values: unknown[] = []
    const sa_sigaction = (_: number, { si_value }: posix.SigInfo): void => void values.push(si_value)
    posix.sigaction(SIGRTMIN, { sa_sigaction, sa_flags: posix.SA_SIGINFO })
    posix.sigprocmask(posix.SIG_BLOCK, [SIGRTMIN])
    for (const value of [3, 1, 2]) posix.sigqueue(posix.getpid(), SIGRTMIN, value)
    posix.sigprocmask(posix.SIG_UNBLOCK, [SIGRTMIN])
    assert.deepEqual(values, [3, 1, 2])
  },
  'signal(7): of different real-time signals the lowest number comes first': () => {
    const seen: number[] = []
    const numbers = [SIGRTMIN, SIGRTMIN + 1, SIGRTMIN + 2]
    for (const number of numbers) posix.signal(number, (signal) => seen.push(signal))
    posix.sigprocmask(posix.SIG_BLOCK, numbers)
    for (const number of [...numbers].reverse()) posix.raise(number)
    posix.sigprocmask(posix.SIG_UNBLOCK, numbers)
    assert.deepEqual(seen, numbers)
  },
  'sigqueue(3): a process that does not exist is told from one that does': () => {
    const pid = posix.fork(() => 0)
    posix.waitpid(pid)
    assert.equal(posix.sigqueue(pid, SIGUSR1, 1), false)
    assert.equal(posix.sigqueue(posix.getpid(), 0, 1), true)
  },
  'sigqueue(3): EINVAL for a number that is no signal': () =>
    fails('EINVAL', () => posix.sigqueue(posix.getpid(), 99, 1)),
  'execve(2): a handled signal has its default action again': () =>
    assert.deepEqual(
      shell('kill -USR1 $$; exit 5', () => posix.signal(SIGUSR1, () => {})),
      { type: 'signaled', signal: SIGUSR1, core: false },
    ),
  'execve(2): an ignored signal stays ignored': () =>
    assert.deepEqual(
      shell('kill -USR1 $$; exit 5', () => posix.signal(SIGUSR1, SIG_IGN)),
      { type: 'exited', code: 5 },
    ),
  'execve(2): the mask is kept, and no signal is blocked for having been handled': () => {
    const blocked = afterExec('SigBlk', () => {
      posix.signal(SIGUSR1, () => {})
      posix.sigprocmask(posix.SIG_BLOCK, [SIGUSR2])
    })
    assert.deepEqual(blocked, [SIGUSR2])
  },
  'execve(2): a pending signal stays pending': () => {
    const pending = afterExec('ShdPnd', () => {
      posix.sigprocmask(posix.SIG_BLOCK, [SIGUSR2])
      posix.kill(posix.getpid(), SIGUSR2)
    })
    assert.deepEqual(pending, [SIGUSR2])
  },
}
