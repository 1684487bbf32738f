/** wait(2), waitpid(2): POSIX.1-2024 and the Linux page wait(2). */
import assert from 'node:assert/strict'
import * as posix from '../../../src/posix/index.js'
import type { Cases } from '../case.js'
import {
  alarmNever,
  alarmOften,
  caughtIt,
  end,
  fails,
  Gate,
  milliseconds,
  stateOf,
  took,
  untilStopped,
  untilZombie,
} from '../expect.js'

const { SIGALRM, SIGCHLD, SIGCONT, SIGKILL, SIGSTOP, SIGTERM, WCONTINUED, WNOHANG, WUNTRACED } = posix

export const cases: Cases = {
  'wait(2): blocks until a child has ended': () => {
    const blocked = took(() => {
      posix.fork(() => void posix.nanosleep(milliseconds(40)))
      posix.wait()
    })
    assert.ok(blocked >= 40)
  },
  'wait(2): returns the pid of the child that ended': () => {
    const pid = posix.fork(() => 0)
    assert.equal(posix.wait().pid, pid)
  },
  'wait(2): a child that has ended already is reported at once': () => {
    const pid = posix.fork(() => 3)
    untilZombie(pid)
    assert.equal(posix.WEXITSTATUS(posix.wait().status), 3)
  },
  'wait(2) NOTES: a child that has ended and was not waited for is a zombie, and waiting ends that': () => {
    const pid = posix.fork(() => 0)
    untilZombie(pid)
    assert.equal(stateOf(pid), 'Z')
    posix.waitpid(pid)
    assert.equal(stateOf(pid), undefined)
  },
  'wait(2): ECHILD when the caller has no child to wait for': () => fails('ECHILD', posix.wait),
  'waitpid(2): pid -1 waits for any child': () => {
    const pids = [posix.fork(() => 0), posix.fork(() => 0)]
    const waited = [posix.waitpid(-1).pid, posix.waitpid(-1).pid]
    assert.deepEqual(waited.sort(), pids.sort())
  },
  'waitpid(2): a positive pid waits for that child only, even when another has ended': () => {
    const gate = new Gate()
    const first = posix.fork(() => 1)
    const second = gate.fork(() => 2)
    untilZombie(first)
    assert.equal(posix.waitpid(second, WNOHANG), undefined)
    gate.open()
    assert.equal(posix.waitpid(second).pid, second)
    assert.deepEqual(end(first), { type: 'exited', code: 1 })
  },
  'waitpid(2): pid 0 waits for children in the group of the caller only': () => {
    const gate = new Gate()
    const other = gate.fork()
    posix.setpgid(other, other)
    const same = posix.fork(() => 0)
    assert.equal(posix.waitpid(0).pid, same)
    gate.open()
    fails('ECHILD', () => posix.waitpid(0))
    posix.waitpid(other)
  },
  'waitpid(2): a pid below -1 waits for children of that group only': () => {
    const gate = new Gate()
    const other = gate.fork(() => 9)
    posix.setpgid(other, other)
    const same = posix.fork(() => 0)
    untilZombie(same)
    assert.equal(posix.waitpid(-other, WNOHANG), undefined)
    gate.open()
    assert.equal(posix.waitpid(-other).pid, other)
    posix.waitpid(same)
  },
  'waitpid(2): ECHILD when the process is not a child of the caller': () =>
    fails('ECHILD', () => posix.waitpid(posix.getppid())),
  'waitpid(2): ECHILD for a child of a child': () => {
    const [readEnd, writeEnd] = posix.pipe()
    const child = posix.fork(() => {
      const grandchild = posix.fork(() => 0)
      posix.write(writeEnd, Buffer.from(String(grandchild)))
      posix.waitpid(grandchild)
    })
    const text = Buffer.alloc(16)
    const grandchild = Number(text.toString('utf8', 0, posix.read(readEnd, text)))
    fails('ECHILD', () => posix.waitpid(grandchild))
    posix.waitpid(child)
  },
  'waitpid(2): ECHILD when no child is in the group': () => {
    const pid = posix.fork(() => 0)
    fails('ECHILD', () => posix.waitpid(-pid))
    posix.waitpid(pid)
  },
  'waitpid(2): WNOHANG returns at once, with nothing, while the child runs': () => {
    const gate = new Gate()
    const pid = gate.fork()
    assert.equal(posix.waitpid(pid, WNOHANG), undefined)
    gate.open()
    posix.waitpid(pid)
  },
  'waitpid(2): ECHILD with WNOHANG too when there is no child': () => fails('ECHILD', () => posix.waitpid(-1, WNOHANG)),
  'waitpid(2): WNOHANG returns the status of a child that has ended': () => {
    const pid = posix.fork(() => 77)
    untilZombie(pid)
    assert.deepEqual(posix.waitpid(-1, WNOHANG), { pid, status: 77 << 8 })
  },
  'waitpid(2): EINVAL when options are not known': () => fails('EINVAL', () => posix.waitpid(-1, 0x40)),
  'wait(2): a status is reported once': () => {
    const pid = posix.fork(() => 0)
    posix.waitpid(pid)
    fails('ECHILD', () => posix.waitpid(pid))
  },
  'wait(2): statuses are kept until asked for, in whatever order': () => {
    const pids = [1, 2, 3, 4, 5].map((code) => posix.fork(() => code))
    const codes = pids.reverse().map((pid) => posix.WEXITSTATUS(posix.waitpid(pid).status))
    assert.deepEqual(codes, [5, 4, 3, 2, 1])
  },
  'wait(2) WEXITSTATUS: the least significant 8 bits that the child gave to _exit': () => {
    const pid = posix.fork()
    if (pid === 0) posix._exit(256 + 7)
    const { status } = posix.wait()
    assert.ok(posix.WIFEXITED(status))
    assert.equal(posix.WEXITSTATUS(status), 7)
  },
  'wait(2) WIFSIGNALED, WTERMSIG: the child was ended by a signal, and by which': () => {
    const pid = posix.fork(() => posix.pause())
    posix.kill(pid, SIGTERM)
    const { status } = posix.wait()
    assert.deepEqual([posix.WIFSIGNALED(status), posix.WIFEXITED(status)], [true, false])
    assert.equal(posix.WTERMSIG(status), SIGTERM)
  },
  'wait(2) WCOREDUMP: not set when no core was dumped': () => {
    const pid = posix.fork(() => {
      posix.setrlimit(posix.RLIMIT_CORE, { soft: 0, hard: 0 })
      posix.raise(posix.SIGABRT)
    })
    const { status } = posix.waitpid(pid)
    assert.equal(posix.WTERMSIG(status), posix.SIGABRT)
    assert.equal(posix.WCOREDUMP(status), false)
  },
  'wait(2) WUNTRACED: a stopped child is reported, WIFSTOPPED and WSTOPSIG say so': () => {
    const pid = posix.fork(() => posix.raise(SIGSTOP))
    const { status } = posix.waitpid(pid, WUNTRACED) ?? assert.fail()
    assert.ok(posix.WIFSTOPPED(status))
    assert.equal(posix.WSTOPSIG(status), SIGSTOP)
    posix.kill(pid, SIGCONT)
    posix.waitpid(pid)
  },
  'wait(2): without WUNTRACED a stopped child is not reported': () => {
    const pid = posix.fork(() => posix.raise(SIGSTOP))
    untilStopped(pid)
    assert.equal(posix.waitpid(pid, WNOHANG), undefined)
    posix.kill(pid, SIGKILL)
    posix.waitpid(pid)
  },
  'wait(2): a stop is reported once': () => {
    const pid = posix.fork(() => posix.raise(SIGSTOP))
    posix.waitpid(pid, WUNTRACED)
    assert.equal(posix.waitpid(pid, WUNTRACED | WNOHANG), undefined)
    posix.kill(pid, SIGKILL)
    posix.waitpid(pid)
  },
  'wait(2) WCONTINUED: a child that SIGCONT resumed is reported, WIFCONTINUED says so': () => {
    const gate = new Gate()
    const pid = gate.fork()
    posix.kill(pid, SIGSTOP)
    posix.waitpid(pid, WUNTRACED)
    posix.kill(pid, SIGCONT)
    const { status } = posix.waitpid(pid, WCONTINUED) ?? assert.fail()
    assert.ok(posix.WIFCONTINUED(status))
    gate.open()
    posix.waitpid(pid)
  },
  'waitpid(2): a loop with WNOHANG takes every child that has ended': () => {
    const pids = Array.from({ length: 20 }, () => posix.fork(() => 0))
    for (const pid of pids) untilZombie(pid)
    const taken = new Set<number>()
    for (const _ of pids) taken.add(posix.waitpid(-1, WNOHANG)?.pid ?? 0)
    assert.deepEqual(taken, new Set(pids))
    fails('ECHILD', () => posix.waitpid(-1, WNOHANG))
  },
  'wait(2) NOTES: with SIGCHLD ignored children leave no zombie, and wait blocks until all have ended, then ECHILD':
    () => {
      posix.signal(SIGCHLD, posix.SIG_IGN)
      let pid = 0
      const blocked = took(() => {
        pid = posix.fork(() => void posix.nanosleep(milliseconds(40)))
        fails('ECHILD', posix.wait)
      })
      assert.ok(blocked >= 40)
      assert.equal(stateOf(pid), undefined)
    },
  'wait(2) NOTES: the same with a handler for another signal installed': () => {
    posix.signal(posix.SIGUSR1, () => {})
    posix.signal(SIGCHLD, posix.SIG_IGN)
    const blocked = took(() => {
      posix.fork(() => void posix.nanosleep(milliseconds(40)))
      fails('ECHILD', posix.wait)
    })
    assert.ok(blocked >= 40)
  },
  'sigaction(2) SA_NOCLDWAIT: children leave no zombie': () => {
    posix.sigaction(SIGCHLD, { sa_flags: posix.SA_NOCLDWAIT })
    const pid = posix.fork(() => 0)
    fails('ECHILD', posix.wait)
    assert.equal(stateOf(pid), undefined)
  },
  'wait(2): EINTR when a handler without SA_RESTART has run': () => {
    const gate = new Gate()
    const pid = gate.fork()
    posix.sigaction(SIGALRM, { sa_handler: caughtIt })
    alarmOften()
    fails('EINTR', posix.wait)
    alarmNever()
    gate.open()
    posix.waitpid(pid)
  },
  'signal(7): waitpid restarts after a handler with SA_RESTART': () => {
    const gate = new Gate()
    const pid = gate.fork(() => 5)
    let handled = 0
    const sa_handler = (): void => {
      if (++handled === 3) gate.open()
      if (handled === 4) alarmNever()
    }
    posix.sigaction(SIGALRM, { sa_handler, sa_flags: posix.SA_RESTART })
    alarmOften()
    assert.equal(posix.WEXITSTATUS(posix.waitpid(pid).status), 5)
    assert.ok(handled >= 3)
  },
  'wait(2): a child that has ended is reported, with its SIGCHLD handled, when both come': () => {
    let handled = 0
    posix.sigaction(SIGCHLD, { sa_handler: () => void handled++ })
    const pid = posix.fork(() => void posix.nanosleep(milliseconds(20)))
    assert.equal(posix.wait().pid, pid)
    assert.equal(handled, 1)
  },
  'wait(2): ends when a child ends, whatever other signals are caught': () => {
    posix.signal(posix.SIGUSR1, () => {})
    const pid = posix.fork(() => void posix.nanosleep(milliseconds(20)))
    assert.equal(posix.wait().pid, pid)
  },
  'wait(2) WUNTRACED: reported with SA_NOCLDSTOP too, where no signal tells of it': () => {
    posix.sigaction(SIGCHLD, { sa_handler: () => {}, sa_flags: posix.SA_NOCLDSTOP | posix.SA_RESTART })
    const pid = posix.fork(() => {
      posix.nanosleep(milliseconds(20))
      posix.raise(SIGSTOP)
    })
    assert.equal(posix.WSTOPSIG(posix.waitpid(pid, WUNTRACED)?.status ?? 0), SIGSTOP)
    posix.kill(pid, SIGCONT)
    posix.waitpid(pid)
  },
  'wait(2): a blocked SIGCHLD is still pending when the child has been waited for': () => {
    posix.signal(posix.SIGUSR1, () => {})
    posix.sigprocmask(posix.SIG_BLOCK, [SIGCHLD])
    const pid = posix.fork(() => void posix.nanosleep(milliseconds(20)))
    posix.waitpid(pid)
    assert.ok(posix.sigismember(posix.sigpending(), SIGCHLD))
    assert.equal(posix.sigwaitinfo([SIGCHLD]).si_pid, pid)
  },
}
