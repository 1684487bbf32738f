/** sigprocmask(2), sigpending(2), sigsuspend(2), sigwait(3), sigwaitinfo(2), sigsetops(3). */
import assert from 'node:assert/strict'
import * as posix from '../../../src/posix/index.js'
import type { Cases } from '../case.js'
import { alarmNever, alarmOften, caughtIt, end, endsWell, fails, milliseconds, took } from '../expect.js'

const { SIG_BLOCK, SIG_SETMASK, SIG_UNBLOCK, SIGALRM, SIGKILL, SIGSTOP, SIGTERM, SIGUSR1, SIGUSR2 } = posix
const members = (set: posix.SigSet): number[] => posix.sigsetMembers(set)
const mask = (): number[] => members(posix.sigprocmask(SIG_BLOCK))

export const cases: Cases = {
  'sigprocmask(2) SIG_BLOCK: the mask is the union of what it was and the set': () => {
    posix.sigprocmask(SIG_SETMASK, [SIGUSR1])
    posix.sigprocmask(SIG_BLOCK, [SIGUSR2])
    assert.deepEqual(mask(), [SIGUSR1, SIGUSR2])
  },
  'sigprocmask(2) SIG_UNBLOCK: the signals of the set are removed, blocked or not': () => {
    posix.sigprocmask(SIG_SETMASK, [SIGUSR1, SIGUSR2])
    posix.sigprocmask(SIG_UNBLOCK, [SIGUSR2, SIGTERM])
    assert.deepEqual(mask(), [SIGUSR1])
  },
  'sigprocmask(2) SIG_SETMASK: the mask is the set': () => {
    posix.sigprocmask(SIG_SETMASK, [SIGUSR1])
    posix.sigprocmask(SIG_SETMASK, [SIGUSR2, SIGTERM])
    assert.deepEqual(mask(), [SIGUSR2, SIGTERM])
  },
  'sigprocmask(2): the mask before is stored in oldset': () => {
    posix.sigprocmask(SIG_SETMASK, [SIGUSR1])
    assert.deepEqual(members(posix.sigprocmask(SIG_SETMASK, [])), [SIGUSR1])
  },
  'sigprocmask(2): without a set the mask stays, whatever how is': () => {
    posix.sigprocmask(SIG_SETMASK, [SIGUSR1])
    assert.deepEqual(members(posix.sigprocmask(99, null)), [SIGUSR1])
    assert.deepEqual(mask(), [SIGUSR1])
  },
  'sigprocmask(2): EINVAL when how is not known': () => fails('EINVAL', () => posix.sigprocmask(99, [SIGUSR1])),
  'sigprocmask(2) NOTES: blocking SIGKILL or SIGSTOP is silently ignored': () => {
    posix.sigprocmask(SIG_SETMASK, [SIGKILL, SIGSTOP, SIGUSR1])
    assert.deepEqual(mask(), [SIGUSR1])
  },
  'sigprocmask(2): the mask does not show that a signal is handled': () => {
    posix.signal(SIGUSR1, () => {})
    assert.deepEqual(mask(), [])
    posix.sigprocmask(SIG_BLOCK, [SIGUSR1])
    assert.deepEqual(mask(), [SIGUSR1])
  },
  'sigprocmask(POSIX): a pending signal that is unblocked is delivered before it returns': () => {
    let count = 0
    posix.signal(SIGUSR1, () => void count++)
    posix.sigprocmask(SIG_BLOCK, [SIGUSR1])
    posix.kill(posix.getpid(), SIGUSR1)
    assert.equal(count, 0)
    posix.sigprocmask(SIG_UNBLOCK, [SIGUSR1])
    assert.equal(count, 1)
  },
  'sigprocmask(2): a pending signal with its default action ends the process when it is unblocked': () => {
    const pid = posix.fork(() => {
      posix.sigprocmask(SIG_BLOCK, [SIGTERM])
      posix.raise(SIGTERM)
      posix.sigprocmask(SIG_UNBLOCK, [SIGTERM])
      return 1
    })
    assert.deepEqual(end(pid), { type: 'signaled', signal: SIGTERM, core: false })
  },
  'sigprocmask(2) NOTES: a forked child inherits the mask': () => {
    posix.sigprocmask(SIG_SETMASK, [SIGUSR2])
    endsWell(posix.fork(() => assert.deepEqual(mask(), [SIGUSR2])))
  },
  'sigpending(2): the signals that were raised while blocked': () => {
    posix.sigprocmask(SIG_BLOCK, [SIGUSR1, SIGUSR2, SIGTERM])
    posix.raise(SIGUSR1)
    posix.kill(posix.getpid(), SIGTERM)
    assert.deepEqual(members(posix.sigpending()), [SIGUSR1, SIGTERM])
    posix.signal(SIGTERM, posix.SIG_IGN)
    posix.signal(SIGUSR1, posix.SIG_IGN)
  },
  'sigpending(2): a handled signal that is not blocked is never pending': () => {
    posix.signal(SIGUSR1, () => {})
    posix.raise(SIGUSR1)
    assert.deepEqual(members(posix.sigpending()), [])
  },
  'sigpending(2): a signal that is blocked and ignored is not pending once it is ignored': () => {
    posix.sigprocmask(SIG_BLOCK, [SIGUSR1])
    posix.raise(SIGUSR1)
    posix.signal(SIGUSR1, posix.SIG_IGN)
    assert.deepEqual(members(posix.sigpending()), [])
  },
  'sigpending(2) NOTES: a forked child starts with none, an execve keeps them': () => {
    posix.sigprocmask(SIG_BLOCK, [SIGUSR1])
    posix.raise(SIGUSR1)
    endsWell(posix.fork(() => assert.deepEqual(members(posix.sigpending()), [])))
    assert.deepEqual(members(posix.sigpending()), [SIGUSR1])
  },
  'sigsuspend(2): replaces the mask, and returns after a handler, which sees that mask': () => {
    let inside: number[] = []
    posix.sigprocmask(SIG_SETMASK, [SIGUSR1])
    posix.signal(SIGUSR1, () => {
      inside = mask()
    })
    posix.raise(SIGUSR1)
    posix.sigsuspend([SIGUSR2])
    assert.deepEqual(inside, [SIGUSR1, SIGUSR2])
  },
  'sigsuspend(2): the mask before is restored when it returns': () => {
    posix.sigprocmask(SIG_SETMASK, [SIGUSR1, SIGTERM])
    posix.signal(SIGUSR1, () => {})
    posix.raise(SIGUSR1)
    posix.sigsuspend([])
    assert.deepEqual(mask(), [SIGUSR1, SIGTERM])
  },
  'sigsuspend(2): a signal that it keeps blocked does not end it': () => {
    const seen: number[] = []
    for (const signal of [SIGUSR1, SIGALRM]) posix.signal(signal, (number) => seen.push(number))
    posix.sigprocmask(SIG_SETMASK, [SIGUSR1, SIGALRM])
    posix.raise(SIGUSR1)
    posix.setitimer(posix.ITIMER_REAL, { it_interval: 0, it_value: 0.02 })
    posix.sigsuspend([SIGUSR1])
    assert.deepEqual(seen, [SIGALRM])
    posix.sigprocmask(SIG_SETMASK, [])
    assert.deepEqual(seen, [SIGALRM, SIGUSR1])
  },
  'sigsuspend(2): a signal whose default action is to end the process does so': () => {
    const pid = posix.fork(() => {
      posix.sigprocmask(SIG_SETMASK, [SIGTERM])
      posix.raise(SIGTERM)
      posix.sigsuspend([])
    })
    assert.deepEqual(end(pid), { type: 'signaled', signal: SIGTERM, core: false })
  },
  'sigwait(3): takes a pending signal of the set, and returns its number': () => {
    posix.sigprocmask(SIG_BLOCK, [SIGUSR1])
    posix.raise(SIGUSR1)
    assert.equal(posix.sigwait([SIGUSR1, SIGUSR2]), SIGUSR1)
    assert.deepEqual(members(posix.sigpending()), [])
  },
  'sigwaitinfo(2): returns the siginfo; no handler is called': () => {
    posix.signal(SIGUSR1, () => assert.fail('called'))
    posix.sigprocmask(SIG_BLOCK, [SIGUSR1])
    posix.sigqueue(posix.getpid(), SIGUSR1, 12)
    const { si_signo, si_value } = posix.sigwaitinfo([SIGUSR1])
    assert.deepEqual([si_signo, si_value], [SIGUSR1, 12])
  },
  'sigwaitinfo(2): EINTR when the handler of a signal outside the set has run': () => {
    posix.sigprocmask(SIG_BLOCK, [SIGUSR1])
    posix.signal(SIGALRM, caughtIt)
    alarmOften()
    fails('EINTR', () => posix.sigwaitinfo([SIGUSR1]))
    alarmNever()
  },
  'sigtimedwait(2): ends after the time-out when none of the set came': () => {
    posix.sigprocmask(SIG_BLOCK, [SIGUSR1])
    assert.ok(took(() => assert.equal(posix.sigtimedwait([SIGUSR1], milliseconds(30)), undefined)) >= 29)
  },
  'sigtimedwait(2): with a time-out of zero it only looks': () => {
    posix.sigprocmask(SIG_BLOCK, [SIGUSR1])
    assert.equal(posix.sigtimedwait([SIGUSR1], milliseconds(0)), undefined)
    posix.raise(SIGUSR1)
    assert.equal(posix.sigtimedwait([SIGUSR1], milliseconds(0))?.si_signo, SIGUSR1)
  },
  'sigsetops(3): sigemptyset excludes all signals': () => assert.deepEqual(members(posix.sigemptyset()), []),
  'sigsetops(3): sigfillset includes all signals': () => assert.equal(members(posix.sigfillset()).length, 64),
  'sigsetops(3): sigaddset adds, sigdelset removes, sigismember tells': () => {
    const set = posix.sigemptyset()
    posix.sigaddset(set, SIGUSR1)
    posix.sigaddset(set, SIGUSR2)
    posix.sigdelset(set, SIGUSR1)
    assert.deepEqual([posix.sigismember(set, SIGUSR1), posix.sigismember(set, SIGUSR2)], [false, true])
  },
  'sigsetops(3): EINVAL for a number that is no signal': () => {
    const set = posix.sigemptyset()
    for (const signal of [0, 65, -3])
      for (const call of [posix.sigaddset, posix.sigdelset, posix.sigismember]) fails('EINVAL', () => call(set, signal))
  },
}
