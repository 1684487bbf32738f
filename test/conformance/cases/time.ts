/** alarm(2), setitimer(2), sleep(3), nanosleep(2), pause(2). */
import assert from 'node:assert/strict'
import * as posix from '../../../src/posix/index.js'
import type { Cases } from '../case.js'
import { alarmNever, alarmOften, caughtIt, end, endsWell, fails, milliseconds, took, until } from '../expect.js'

const { ITIMER_PROF, ITIMER_REAL, ITIMER_VIRTUAL, SIG_IGN, SIGALRM, SIGUSR1 } = posix
const once = (seconds: number): posix.Itimerval => ({ it_interval: 0, it_value: seconds })
const never = once(0)

export const cases: Cases = {
  'alarm(2): returns 0 when no alarm was set before': () => {
    assert.equal(posix.alarm(100), 0)
    posix.alarm(0)
  },
  'alarm(2): returns the seconds that were left of the alarm before': () => {
    posix.alarm(100)
    const left = posix.alarm(50)
    assert.ok(left === 100 || left === 99, String(left))
    posix.alarm(0)
  },
  'alarm(2): a new alarm takes the place of the one before': () => {
    posix.alarm(1)
    posix.alarm(100)
    assert.ok(posix.getitimer(ITIMER_REAL).it_value > 50)
    posix.alarm(0)
  },
  'alarm(2): alarm(0) cancels, and tells the rest': () => {
    posix.alarm(100)
    assert.ok(posix.alarm(0) >= 99)
    assert.equal(posix.alarm(0), 0)
  },
  'alarm(2): SIGALRM comes after the seconds, not before': () => {
    let handled = false
    posix.signal(SIGALRM, () => {
      handled = true
    })
    const blocked = took(() => {
      posix.alarm(1)
      posix.pause()
    })
    assert.ok(blocked >= 990)
    assert.equal(handled, true)
  },
  'alarm(2) NOTES: alarm and setitimer share one timer': () => {
    posix.setitimer(ITIMER_REAL, once(500))
    assert.ok(posix.alarm(0) >= 499)
    assert.equal(posix.getitimer(ITIMER_REAL).it_value, 0)
  },
  'alarm(2) NOTES: a forked child has no alarm': () => {
    posix.alarm(100)
    endsWell(posix.fork(() => posix.alarm(0)))
    posix.alarm(0)
  },
  'alarm(2) NOTES: an alarm is kept over execve': () => {
    const pid = posix.fork(() => {
      posix.setitimer(ITIMER_REAL, once(0.05))
      posix.execve('/bin/sleep', ['sleep', '100'], {})
    })
    assert.deepEqual(end(pid), { type: 'signaled', signal: SIGALRM, core: false })
  },
  'signal(7): the default action of SIGALRM ends the process': () => {
    const pid = posix.fork(() => {
      posix.setitimer(ITIMER_REAL, once(0.01))
      posix.pause()
    })
    assert.deepEqual(end(pid), { type: 'signaled', signal: SIGALRM, core: false })
  },
  'setitimer(2): the timer before is returned': () => {
    assert.deepEqual(posix.setitimer(ITIMER_REAL, { it_interval: 7, it_value: 100 }), never)
    const old = posix.setitimer(ITIMER_REAL, never)
    assert.equal(old.it_interval, 7)
    assert.ok(old.it_value > 90 && old.it_value <= 100)
  },
  'setitimer(2): with an interval the signal comes again and again': () => {
    let count = 0
    posix.signal(SIGALRM, () => void count++)
    alarmOften()
    until(() => count >= 4)
    alarmNever()
  },
  'setitimer(2): without an interval it comes once': () => {
    let count = 0
    posix.signal(SIGALRM, () => void count++)
    posix.setitimer(ITIMER_REAL, once(0.005))
    posix.pause()
    posix.nanosleep(milliseconds(20))
    assert.equal(count, 1)
    assert.deepEqual(posix.getitimer(ITIMER_REAL), never)
  },
  'setitimer(2): a value of 0 stops the timer, whatever the interval': () => {
    posix.setitimer(ITIMER_REAL, once(100))
    posix.setitimer(ITIMER_REAL, { it_interval: 1, it_value: 0 })
    assert.equal(posix.getitimer(ITIMER_REAL).it_value, 0)
  },
  'setitimer(2): EINVAL when which is not known': () => fails('EINVAL', () => posix.setitimer(9, never)),
  'setitimer(2) ITIMER_VIRTUAL: counts the CPU time of the process, and sends SIGVTALRM': () => {
    let count = 0
    posix.signal(26, () => void count++)
    posix.setitimer(ITIMER_VIRTUAL, once(0.01))
    until(() => count === 1)
  },
  'setitimer(2) ITIMER_PROF: counts user and system time, and sends SIGPROF': () => {
    let count = 0
    posix.signal(27, () => void count++)
    posix.setitimer(ITIMER_PROF, once(0.01))
    until(() => count === 1)
  },
  'getitimer(2): what is left, never more than was set': () => {
    posix.setitimer(ITIMER_REAL, once(100))
    const { it_value } = posix.getitimer(ITIMER_REAL)
    assert.ok(it_value > 90 && it_value <= 100)
    posix.setitimer(ITIMER_REAL, never)
  },
  'getitimer(2): EINVAL when which is not known': () => fails('EINVAL', () => posix.getitimer(9)),
  'sleep(3): returns 0 when the time has passed': () => {
    assert.ok(took(() => assert.equal(posix.sleep(1), 0)) >= 999)
  },
  'sleep(3): sleep(0) returns at once': () => assert.equal(posix.sleep(0), 0),
  'sleep(3): returns the seconds that were left when a handler has run': () => {
    posix.signal(SIGALRM, caughtIt)
    alarmOften()
    assert.equal(posix.sleep(100), 99)
  },
  'signal(7): sleep is ended by a handler even with SA_RESTART': () => {
    posix.sigaction(SIGALRM, { sa_handler: caughtIt, sa_flags: posix.SA_RESTART })
    alarmOften()
    assert.ok(posix.sleep(100) > 0)
  },
  'sleep(3): an ignored signal does not end it': () => {
    posix.signal(SIGALRM, SIG_IGN)
    posix.signal(SIGUSR1, () => {})
    alarmOften()
    assert.ok(took(() => posix.nanosleep(milliseconds(40))) >= 40)
    alarmNever()
  },
  'sleep(3): a blocked signal does not end it': () => {
    let count = 0
    posix.signal(SIGALRM, () => void count++)
    posix.sigprocmask(posix.SIG_BLOCK, [SIGALRM])
    alarmOften()
    assert.equal(posix.nanosleep(milliseconds(40)), undefined)
    assert.equal(count, 0)
    alarmNever()
    posix.sigprocmask(posix.SIG_UNBLOCK, [SIGALRM])
    assert.equal(count, 1)
  },
  'nanosleep(2): waits at least as long as asked': () =>
    assert.ok(took(() => assert.equal(posix.nanosleep(milliseconds(25)), undefined)) >= 25),
  'nanosleep(2): tells the time that was left when a handler has run': () => {
    posix.signal(SIGALRM, caughtIt)
    alarmOften()
    const left = posix.nanosleep({ tv_sec: 100, tv_nsec: 0 })
    assert.equal(left?.tv_sec, 99)
    assert.ok(left.tv_nsec >= 0 && left.tv_nsec < 1e9)
  },
  'pause(2): returns after a handler has returned': () => {
    let returned = false
    posix.signal(SIGALRM, () => {
      returned = true
    })
    posix.setitimer(ITIMER_REAL, once(0.01))
    posix.pause()
    assert.equal(returned, true)
  },
  'pause(2): an ignored signal does not end it': () => {
    posix.signal(SIGUSR1, SIG_IGN)
    let handled = false
    posix.signal(SIGALRM, () => {
      handled = true
    })
    posix.setitimer(ITIMER_REAL, once(0.01))
    posix.raise(SIGUSR1)
    posix.pause()
    assert.equal(handled, true)
  },
  'pause(2): ended by a signal whose default action ends the process': () => {
    const pid = posix.fork(() => posix.pause())
    posix.kill(pid, SIGUSR1)
    assert.deepEqual(end(pid), { type: 'signaled', signal: SIGUSR1, core: false })
  },
  'nanosleep(2), setitimer(2), sigtimedwait(2): times that C can say and the kernel refuses are EINVAL': () => {
    for (const time of [
      { tv_sec: -1, tv_nsec: 0 },
      { tv_sec: 0, tv_nsec: 1e9 },
      { tv_sec: 0, tv_nsec: -1 },
    ]) {
      fails('EINVAL', () => posix.nanosleep(time))
      fails('EINVAL', () => posix.sigtimedwait([posix.SIGUSR1], time))
    }
    for (const it_value of [
      { tv_sec: -1, tv_usec: 0 },
      { tv_sec: 0, tv_usec: 1e6 },
    ])
      fails('EINVAL', () => posix.setitimer(posix.ITIMER_REAL, { it_interval: 0, it_value }))
    assert.throws(() => posix.nanosleep({ tv_sec: 0.5, tv_nsec: 0 }), RangeError)
  },
}
