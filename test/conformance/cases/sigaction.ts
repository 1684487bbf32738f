/** sigaction(2), signal(2), signal(7): dispositions and handlers. */
import assert from 'node:assert/strict'
import * as posix from '../../../src/posix/index.js'
import type { Cases } from '../case.js'
import { end, fails, Gate, stateOf, until, untilStopped, untilZombie } from '../expect.js'

const { SIG_DFL, SIG_IGN, SIGABRT, SIGCHLD, SIGCONT, SIGKILL, SIGSTOP, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH } = posix
const nothing = (): void => {}

/** Runs `child` and demands that a signal ends it. */
const diesOf = (signal: number, child: () => void): void => {
  const result = end(posix.fork(child))
  assert.deepEqual({ ...result, core: false }, { type: 'signaled', signal, core: false })
}

export const cases: Cases = {
  'signal(2): returns the disposition before: SIG_DFL, SIG_IGN or the handler': () => {
    assert.equal(posix.signal(SIGUSR1, SIG_IGN), SIG_DFL)
    assert.equal(posix.signal(SIGUSR1, nothing), SIG_IGN)
    assert.equal(posix.signal(SIGUSR1, SIG_DFL), nothing)
    assert.equal(posix.signal(SIGUSR1, SIG_DFL), SIG_DFL)
  },
  'signal(2): the handler is called with the number of the signal': () => {
    const seen: number[] = []
    posix.signal(SIGUSR1, (signal) => seen.push(signal))
    posix.signal(SIGUSR2, (signal) => seen.push(signal))
    posix.raise(SIGUSR2)
    posix.raise(SIGUSR1)
    assert.deepEqual(seen, [SIGUSR2, SIGUSR1])
  },
  'signal(2) Portability: as BSD, the handler stays installed': () => {
    let count = 0
    posix.signal(SIGUSR1, () => void count++)
    posix.raise(SIGUSR1)
    posix.raise(SIGUSR1)
    assert.equal(count, 2)
  },
  'signal(2) Portability: as BSD, SA_RESTART is in force': () => {
    posix.signal(SIGUSR1, nothing)
    assert.equal(posix.sigaction(SIGUSR1).sa_flags, posix.SA_RESTART)
  },
  'signal(2): EINVAL for a number that is no signal': () => {
    for (const signal of [0, -1, 65, 1000]) fails('EINVAL', () => posix.signal(signal, nothing))
  },
  'sigaction(2): SIGKILL and SIGSTOP cannot be caught or ignored: EINVAL': () => {
    for (const signal of [SIGKILL, SIGSTOP])
      for (const sa_handler of [nothing, SIG_IGN] as const)
        fails('EINVAL', () => posix.sigaction(signal, { sa_handler }))
  },
  'sigaction(2): without a new action it only asks': () => {
    posix.signal(SIGUSR1, nothing)
    assert.equal(posix.sigaction(SIGUSR1).sa_handler, nothing)
    assert.equal(posix.sigaction(SIGUSR1, null).sa_handler, nothing)
  },
  'sigaction(2): the action before comes back whole: handler, mask and flags': () => {
    const sa_flags = posix.SA_NODEFER | posix.SA_RESTART
    posix.sigaction(SIGUSR1, { sa_handler: nothing, sa_mask: [SIGUSR2], sa_flags })
    const old = posix.sigaction(SIGUSR1, { sa_handler: SIG_DFL })
    assert.equal(old.sa_handler, nothing)
    assert.equal(old.sa_flags, sa_flags)
    assert.ok(posix.sigismember(old.sa_mask as posix.SigSet, SIGUSR2))
  },
  'sigaction(2): the signal is blocked while its handler runs, and handled after': () => {
    let depth = 0
    let deepest = 0
    let count = 0
    const sa_handler = (): void => {
      deepest = Math.max(deepest, ++depth)
      if (++count === 1) posix.raise(SIGUSR1)
      depth--
    }
    posix.sigaction(SIGUSR1, { sa_handler })
    posix.raise(SIGUSR1)
    assert.deepEqual([count, deepest], [2, 1])
  },
  'sigaction(2) SA_NODEFER: the signal is not blocked while its handler runs': () => {
    let depth = 0
    let deepest = 0
    const sa_handler = (): void => {
      deepest = Math.max(deepest, ++depth)
      if (depth < 3) posix.raise(SIGUSR1)
      depth--
    }
    posix.sigaction(SIGUSR1, { sa_handler, sa_flags: posix.SA_NODEFER })
    posix.raise(SIGUSR1)
    assert.equal(deepest, 3)
  },
  'sigaction(2) sa_mask: blocked while the handler runs': () => {
    const order: string[] = []
    posix.signal(SIGUSR2, () => order.push('second'))
    const sa_handler = (): void => {
      posix.raise(SIGUSR2)
      order.push('first')
    }
    posix.sigaction(SIGUSR1, { sa_handler, sa_mask: [SIGUSR2] })
    posix.raise(SIGUSR1)
    assert.deepEqual(order, ['first', 'second'])
  },
  'sigaction(2) sa_mask: also of signals that are not caught': () => {
    const [readEnd, writeEnd] = posix.pipe2(posix.O_NONBLOCK)
    diesOf(SIGTERM, () => {
      const sa_handler = (): void => {
        posix.raise(SIGTERM)
        posix.write(writeEnd, 'alive')
      }
      posix.sigaction(SIGUSR1, { sa_handler, sa_mask: [SIGTERM] })
      posix.raise(SIGUSR1)
    })
    assert.equal(posix.read(readEnd, Buffer.alloc(10)), 5, 'it died once the handler had returned, not in it')
  },
  'sigaction(2): the mask is what it was once the handler has returned': () => {
    posix.sigaction(SIGUSR1, { sa_handler: () => posix.sigprocmask(posix.SIG_BLOCK, [SIGWINCH]), sa_mask: [SIGUSR2] })
    const before = posix.sigprocmask(posix.SIG_BLOCK)
    posix.raise(SIGUSR1)
    assert.deepEqual(posix.sigprocmask(posix.SIG_BLOCK), before)
  },
  'sigaction(2) SA_RESETHAND: the default action is back when the handler is called': () => {
    let inside: unknown
    const sa_handler = (): void => {
      inside = posix.sigaction(SIGUSR1).sa_handler
    }
    posix.sigaction(SIGUSR1, { sa_handler, sa_flags: posix.SA_RESETHAND })
    posix.raise(SIGUSR1)
    assert.equal(inside, SIG_DFL)
    diesOf(SIGUSR1, () => posix.raise(SIGUSR1))
  },
  'sigaction(2) SI_USER: kill tells the pid and the real user of the sender': () => {
    const infos: posix.SigInfo[] = []
    posix.sigaction(SIGUSR1, { sa_sigaction: (_, info) => infos.push(info), sa_flags: posix.SA_SIGINFO })
    const parent = posix.getpid()
    const pid = posix.fork(() => void posix.kill(parent, SIGUSR1))
    untilZombie(pid)
    posix.sched_yield()
    const [info] = infos
    assert.deepEqual([info?.si_signo, info?.si_code], [SIGUSR1, posix.SI_USER])
    assert.deepEqual([info?.si_pid, info?.si_uid], [pid, posix.getuid()])
    posix.waitpid(pid)
  },
  'sigaction(2) SI_QUEUE: sigqueue tells its value, negative ones too': () => {
    const values: (number | undefined)[] = []
    const sa_sigaction = (_: number, { si_code, si_value }: posix.SigInfo): void => {
      if (si_code === posix.SI_QUEUE) values.push(si_value)
    }
    posix.sigaction(SIGUSR1, { sa_sigaction, sa_flags: posix.SA_SIGINFO })
    for (const value of [0, 4711, -1, 2 ** 31 - 1, -(2 ** 31)]) posix.sigqueue(posix.getpid(), SIGUSR1, value)
    assert.deepEqual(values, [0, 4711, -1, 2 ** 31 - 1, -(2 ** 31)])
  },
  'sigaction(2) SIGCHLD: si_code CLD_EXITED with the exit status': () => {
    let info: posix.SigInfo | undefined
    posix.sigaction(SIGCHLD, { sa_sigaction: (_, about) => (info = about), sa_flags: posix.SA_SIGINFO })
    const pid = posix.fork(() => 24)
    until(() => info !== undefined)
    assert.deepEqual([info?.si_code, info?.si_pid, info?.si_status], [posix.CLD_EXITED, pid, 24])
    posix.waitpid(pid)
  },
  'sigaction(2) SIGCHLD: si_code CLD_KILLED with the signal': () => {
    let info: posix.SigInfo | undefined
    posix.sigaction(SIGCHLD, { sa_sigaction: (_, about) => (info = about), sa_flags: posix.SA_SIGINFO })
    const pid = posix.fork(() => posix.pause())
    posix.kill(pid, SIGKILL)
    until(() => info !== undefined)
    assert.deepEqual([info?.si_code, info?.si_pid, info?.si_status], [posix.CLD_KILLED, pid, SIGKILL])
    posix.waitpid(pid)
  },
  'sigaction(2) SIGCHLD: sent when a child stops, and when it continues': () => {
    const codes: number[] = []
    posix.sigaction(SIGCHLD, { sa_sigaction: (_, { si_code }) => codes.push(si_code), sa_flags: posix.SA_SIGINFO })
    const gate = new Gate()
    const pid = gate.fork()
    posix.kill(pid, SIGSTOP)
    until(() => codes.length === 1)
    posix.kill(pid, SIGCONT)
    until(() => codes.length === 2)
    assert.deepEqual(codes, [posix.CLD_STOPPED, posix.CLD_CONTINUED])
    gate.open()
    until(() => codes.length === 3)
    posix.waitpid(pid)
  },
  'sigaction(2) SA_NOCLDSTOP: no SIGCHLD when a child stops': () => {
    const codes: number[] = []
    const sa_flags = posix.SA_SIGINFO | posix.SA_NOCLDSTOP
    posix.sigaction(SIGCHLD, { sa_sigaction: (_, { si_code }) => codes.push(si_code), sa_flags })
    const gate = new Gate()
    const pid = gate.fork()
    posix.kill(pid, SIGSTOP)
    untilStopped(pid)
    posix.kill(pid, SIGCONT)
    gate.open()
    until(() => codes.length > 0)
    assert.deepEqual(codes, [posix.CLD_EXITED])
    posix.waitpid(pid)
  },
  'sigaction(2) NOTES: with SA_NOCLDWAIT a handler of SIGCHLD still runs, on Linux': () => {
    let count = 0
    posix.sigaction(SIGCHLD, { sa_handler: () => void count++, sa_flags: posix.SA_NOCLDWAIT })
    const pid = posix.fork(() => 0)
    until(() => count === 1)
    until(() => stateOf(pid) === undefined)
    fails('ECHILD', posix.wait)
  },
  'signal(7): an ignored signal does nothing': () => {
    posix.signal(SIGTERM, SIG_IGN)
    posix.kill(posix.getpid(), SIGTERM)
    posix.raise(SIGTERM)
  },
  'signal(7): the default action of SIGTERM ends the process': () => diesOf(SIGTERM, () => posix.raise(SIGTERM)),
  'signal(7): the default action of SIGABRT ends the process': () =>
    diesOf(SIGABRT, () => {
      posix.setrlimit(posix.RLIMIT_CORE, { soft: 0, hard: 0 })
      posix.raise(SIGABRT)
    }),
  'signal(7): the default action of SIGCHLD, SIGURG and SIGWINCH is to ignore them': () => {
    for (const signal of [SIGCHLD, 23, SIGWINCH]) posix.raise(signal)
  },
  'signal(7): SIG_DFL gives the default action back': () =>
    diesOf(SIGUSR1, () => {
      posix.signal(SIGUSR1, nothing)
      posix.raise(SIGUSR1)
      posix.signal(SIGUSR1, SIG_DFL)
      posix.raise(SIGUSR1)
    }),
  'sigaction(POSIX): setting SIG_IGN discards a signal that is pending': () => {
    posix.sigprocmask(posix.SIG_BLOCK, [SIGTERM])
    posix.raise(SIGTERM)
    posix.signal(SIGTERM, SIG_IGN)
    assert.equal(posix.sigismember(posix.sigpending(), SIGTERM), false)
  },
  'sigaction(POSIX): setting a handler leaves a signal that is pending': () => {
    posix.sigprocmask(posix.SIG_BLOCK, [SIGCHLD])
    posix.raise(SIGCHLD)
    let count = 0
    posix.signal(SIGCHLD, () => void count++)
    posix.sigprocmask(posix.SIG_UNBLOCK, [SIGCHLD])
    assert.equal(count, 1)
  },
  'signal(7): a forked child inherits the handlers': () => {
    let count = 0
    posix.signal(SIGUSR1, () => void count++)
    const pid = posix.fork(() => {
      posix.raise(SIGUSR1)
      return count
    })
    assert.deepEqual(end(pid), { type: 'exited', code: 1 })
    assert.equal(count, 0)
  },
  'signal(7): a handler that the child sets is not the parent’s': () => {
    posix.signal(SIGUSR1, nothing)
    posix.waitpid(posix.fork(() => void posix.signal(SIGUSR1, SIG_IGN)))
    assert.equal(posix.sigaction(SIGUSR1).sa_handler, nothing)
  },
}
