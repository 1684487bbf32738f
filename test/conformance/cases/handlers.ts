/** What handlers change counts at once, and they run before the call returns that raised their signal. */
import assert from 'node:assert/strict'
import { PR_SET_CHILD_SUBREAPER } from '../../../src/libc/constants.js'
import * as posix from '../../../src/posix/index.js'
import { join, pair, whenThisSleeps } from '../at-hand.js'
import type { Cases } from '../case.js'
import { caughtIt, end, fails, Gate, stateOf, until, untilZombie } from '../expect.js'

const { SA_NOCLDSTOP, SA_RESETHAND, SA_RESTART, SA_SIGINFO, SIG_DFL, SIG_IGN, SIGALRM, SIGCHLD, SIGKILL, SIGPIPE } =
  posix
const { SIGRTMIN, SIGSTOP, SIGUSR1, SIGUSR2, WUNTRACED } = posix

/** A set of signals of a process, as the kernel has it. */
function statusOfExecuted(before: () => void): string {
  const [readEnd, writeEnd] = posix.pipe()
  const pid = posix.fork(() => {
    posix.dup2(writeEnd, 1)
    before()
    posix.execve('/bin/cat', ['cat', '/proc/self/status'], {})
  })
  posix.close(writeEnd)
  posix.waitpid(pid)
  const bytes = Buffer.alloc(4096)
  return bytes.toString('utf8', 0, posix.read(readEnd, bytes))
}

export const cases: Cases = {
  'write(2), send(2), sendmsg(2): the handler of SIGPIPE has run when they fail with EPIPE': () => {
    let calls = 0
    posix.signal(SIGPIPE, () => calls++)
    const [, writeEnd] = posix.pipe()
    const [one, other] = pair()
    posix.close(other)
    const attempts = [
      () => posix.write(one, 'x'),
      () => posix.writev(one, [Buffer.from('x')]),
      () => posix.send(one, 'x'),
      () => posix.sendmsg(one, { msg_iov: [Buffer.from('x')] }),
    ]
    for (const [index, attempt] of attempts.entries()) {
      fails('EPIPE', attempt)
      assert.equal(calls, index + 1)
    }
    posix.close(writeEnd)
  },
  'wait(2): a handler that ignores SIGCHLD from now on lets it end with ECHILD': () => {
    posix.sigaction(SIGUSR1, { sa_handler: () => void posix.signal(SIGCHLD, SIG_IGN), sa_flags: SA_RESTART })
    const gate = new Gate()
    const child = gate.fork()
    const me = posix.getpid()
    const helper = whenThisSleeps(() => posix.kill(me, SIGUSR1))
    // wakes only once the handler has run: a child that ended before would be reported
    posix.fork(() => {
      until(() => stateOf(helper) === undefined || stateOf(helper) === 'Z')
      until(() => stateOf(me) === 'S')
      gate.open()
    })
    gate.open()
    fails('ECHILD', () => posix.waitpid(child))
    // whoever ended before it was ignored, and then nobody
    fails('ECHILD', () => {
      for (;;) posix.wait()
    })
  },
  'waitpid(2): a handler that sets or clears SA_NOCLDSTOP does not hold back the news of a stop': () => {
    for (const [before, after] of [
      [SA_NOCLDSTOP, 0],
      [0, SA_NOCLDSTOP],
    ] as const) {
      posix.sigaction(SIGCHLD, { sa_handler: caughtIt, sa_flags: before | SA_RESTART })
      const child = posix.fork(() => posix.pause())
      const [readEnd, writeEnd] = posix.pipe()
      posix.sigaction(SIGUSR1, {
        sa_handler: () => {
          posix.sigaction(SIGCHLD, { sa_handler: caughtIt, sa_flags: after | SA_RESTART })
          posix.write(writeEnd, 'x')
        },
        sa_flags: SA_RESTART,
      })
      const me = posix.getpid()
      const helper = whenThisSleeps(() => {
        posix.kill(me, SIGUSR1)
        posix.read(readEnd, Buffer.alloc(1))
        posix.kill(child, SIGSTOP)
      })
      assert.equal(posix.WIFSTOPPED(posix.waitpid(child, WUNTRACED)?.status ?? 0), true)
      posix.kill(child, SIGKILL)
      assert.equal(end(child).type, 'signaled')
      join(helper)
    }
  },
  'execve(2): in a handler that a wait has called, the new program has the mask that the program knows': () => {
    posix.prctl(PR_SET_CHILD_SUBREAPER, 1)
    const status = statusOfExecuted(() => {
      posix.signal(SIGUSR1, () => posix.execve('/bin/cat', ['cat', '/proc/self/status'], {}))
      const parent = posix.getpid()
      posix.fork(() => {
        until(() => stateOf(parent) === 'S')
        posix.kill(parent, SIGUSR1)
      })
      posix.wait()
    })
    assert.match(status, new RegExp(`SigBlk:\\s0*${(1n << BigInt(SIGUSR1 - 1)).toString(16)}\\n`))
    // the one that has sent the signal, unless the child has found it before its handler ran
    fails('ECHILD', () => {
      for (;;) posix.wait()
    })
  },
  'wait(2): a SIGCHLD that the program blocks still waits when a handler has thrown': () => {
    posix.sigprocmask(posix.SIG_BLOCK, [SIGCHLD])
    const child = posix.fork(() => 3)
    untilZombie(child)
    const gate = new Gate()
    const other = gate.fork()
    posix.signal(SIGUSR1, () => {
      throw new Error('thrown')
    })
    const me = posix.getpid()
    const helper = whenThisSleeps(() => posix.kill(me, SIGUSR1))
    assert.throws(() => posix.waitpid(other), /thrown/)
    assert.ok(posix.sigismember(posix.sigpending(), SIGCHLD))
    gate.open()
    for (const pid of [child, other, helper]) posix.waitpid(pid)
  },
  'sigaction(2): with SA_RESETHAND and two that wait the handler runs, then the second has the default action': () => {
    const [readEnd, writeEnd] = posix.pipe()
    const pid = posix.fork(() => {
      posix.sigaction(SIGRTMIN, { sa_handler: () => posix.write(writeEnd, 'ran'), sa_flags: SA_RESETHAND })
      posix.sigprocmask(posix.SIG_BLOCK, [SIGRTMIN])
      for (const value of [1, 2]) posix.sigqueue(posix.getpid(), SIGRTMIN, value)
      posix.sigprocmask(posix.SIG_UNBLOCK, [SIGRTMIN])
    })
    assert.deepEqual(end(pid), { type: 'signaled', signal: SIGRTMIN, core: false })
    posix.close(writeEnd)
    assert.equal(posix.read(readEnd, Buffer.alloc(10)), 3)
  },
  'sigwait(3): another handler runs, and it goes on waiting': () => {
    const calls: number[] = []
    posix.sigprocmask(posix.SIG_BLOCK, [SIGUSR2])
    const me = posix.getpid()
    posix.signal(SIGUSR1, (signal) => {
      calls.push(signal)
      posix.kill(me, SIGUSR2)
    })
    const child = whenThisSleeps(() => posix.kill(me, SIGUSR1))
    assert.equal(posix.sigwait([SIGUSR2]), SIGUSR2)
    assert.deepEqual(calls, [SIGUSR1])
    join(child)
    const again = whenThisSleeps(() => posix.kill(me, SIGUSR1))
    fails('EINTR', () => posix.sigwaitinfo([posix.SIGRTMAX - 1]))
    join(again)
  },
  'sigaction(2): sa_handler and sa_sigaction are one place: what is given is taken': () => {
    const seen: unknown[] = []
    posix.sigaction(SIGUSR1, {
      sa_handler: (...args: unknown[]) => void seen.push([args[0], (args[1] as posix.SigInfo).si_signo]),
      sa_flags: SA_SIGINFO,
    })
    posix.raise(SIGUSR1)
    assert.deepEqual(seen, [[SIGUSR1, SIGUSR1]])
    posix.sigaction(SIGUSR1, { sa_handler: SIG_IGN, sa_flags: SA_SIGINFO })
    posix.raise(SIGUSR1)
    assert.equal(posix.sigaction(SIGUSR1).sa_handler, SIG_IGN)
    posix.sigaction(SIGUSR1, { sa_sigaction: SIG_IGN })
    posix.raise(SIGUSR1)
    posix.sigaction(SIGUSR1, { sa_sigaction: SIG_DFL })
    assert.equal(posix.sigaction(SIGUSR1).sa_handler, SIG_DFL)
  },
  'sigaction(2): a function that waits for a siginfo without SA_SIGINFO is refused in words': () => {
    assert.throws(() => posix.sigaction(SIGUSR1, { sa_sigaction: () => {} }), /sa_sigaction: expected SA_SIGINFO/)
    assert.equal(posix.sigaction(SIGUSR1).sa_handler, SIG_DFL)
  },
  'sigaction(2): act may be 0, and oldact an object to be filled in': () => {
    posix.signal(SIGALRM, caughtIt)
    const old: posix.Sigaction = { sa_sigaction: () => {} }
    posix.sigaction(SIGALRM, 0, old)
    assert.equal(old.sa_handler, caughtIt)
    assert.equal('sa_sigaction' in old, false)
    posix.sigaction(SIGALRM, { sa_handler: SIG_DFL }, 0)
    assert.equal(posix.sigaction(SIGALRM).sa_handler, SIG_DFL)
  },
  'errors name the call that was made': () => {
    const named = (syscall: string, call: () => unknown): void =>
      assert.throws(call, (error) => error instanceof posix.PosixError && error.syscall === syscall)
    named('signal', () => posix.signal(SIGKILL, SIG_IGN))
    named('signal', () => posix.signal(99, SIG_IGN))
    named('sigaction', () => posix.sigaction(99))
    named('wait', () => posix.wait())
    named('waitpid', () => posix.waitpid(-1))
    posix.setrlimit(posix.RLIMIT_NOFILE, { soft: 3, hard: 3 })
    named('pipe', () => posix.pipe())
    named('pipe2', () => posix.pipe2())
  },
}
