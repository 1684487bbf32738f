/** waitid(2), pidfd_open(2). */
import assert from 'node:assert/strict'
import { PollSet } from '../../../src/libc/poll.js'
import * as posix from '../../../src/posix/index.js'
import type { Cases } from '../case.js'
import { alarmNever, alarmOften, caughtIt, end, fails, Gate, untilZombie } from '../expect.js'

const { P_ALL, P_PGID, P_PID, P_PIDFD, SIGALRM, SIGCHLD, SIGCONT, SIGKILL, SIGSTOP, SIGTERM } = posix
const { WCONTINUED, WEXITED, WNOHANG, WNOWAIT, WSTOPPED } = posix

const readable = (fd: number): boolean => {
  const set = new PollSet()
  set.add(fd, posix.POLLIN)
  return set.poll(0) === 1
}

export const cases: Cases = {
  'waitid(2) CLD_EXITED: si_status is the exit status': () => {
    const pid = posix.fork(() => 42)
    const info = posix.waitid(P_PID, pid, WEXITED)
    assert.deepEqual([info?.si_code, info?.si_status], [posix.CLD_EXITED, 42])
  },
  'waitid(2) CLD_KILLED: si_status is the signal': () => {
    const pid = posix.fork(() => posix.pause())
    posix.kill(pid, SIGTERM)
    const info = posix.waitid(P_PID, pid, WEXITED)
    assert.deepEqual([info?.si_code, info?.si_status], [posix.CLD_KILLED, SIGTERM])
  },
  'waitid(2): si_pid is the child, si_uid its real user, si_signo always SIGCHLD': () => {
    const pid = posix.fork(() => 0)
    const info = posix.waitid(P_PID, pid, WEXITED)
    assert.deepEqual([info?.si_pid, info?.si_uid, info?.si_signo], [pid, posix.getuid(), SIGCHLD])
  },
  'waitid(2) CLD_STOPPED and CLD_CONTINUED: with WSTOPPED and WCONTINUED': () => {
    const pid = posix.fork(() => posix.raise(SIGSTOP))
    const stopped = posix.waitid(P_PID, pid, WSTOPPED)
    assert.deepEqual([stopped?.si_code, stopped?.si_status], [posix.CLD_STOPPED, SIGSTOP])
    posix.kill(pid, SIGCONT)
    const continued = posix.waitid(P_PID, pid, WCONTINUED | WEXITED)
    // it may have ended before we looked
    if (continued?.si_code === posix.CLD_EXITED) return
    assert.deepEqual([continued?.si_code, continued?.si_status], [posix.CLD_CONTINUED, SIGCONT])
    posix.waitpid(pid)
  },
  'waitid(2) WNOWAIT: leaves the child to be waited for again': () => {
    const pid = posix.fork(() => 6)
    assert.equal(posix.waitid(P_PID, pid, WEXITED | WNOWAIT)?.si_status, 6)
    assert.deepEqual(end(pid), { type: 'exited', code: 6 })
  },
  'waitid(2) P_ALL: any child, whatever the id': () => {
    const pid = posix.fork(() => 0)
    assert.equal(posix.waitid(P_ALL, 12345, WEXITED)?.si_pid, pid)
  },
  'waitid(2) P_PGID: children of that group': () => {
    const gate = new Gate()
    const pid = gate.fork()
    posix.setpgid(pid, pid)
    const other = posix.fork(() => 0)
    untilZombie(other)
    gate.open()
    assert.equal(posix.waitid(P_PGID, pid, WEXITED)?.si_pid, pid)
    posix.waitpid(other)
  },
  'waitid(2) P_PGID: id 0 is the group of the caller': () => {
    const pid = posix.fork(() => 0)
    assert.equal(posix.waitid(P_PGID, 0, WEXITED)?.si_pid, pid)
  },
  'waitid(2) P_PIDFD: the child that the descriptor refers to': () => {
    const gate = new Gate()
    const pid = gate.fork(() => 8)
    const pidfd = posix.pidfd_open(pid)
    gate.open()
    assert.equal(posix.waitid(P_PIDFD, pidfd, WEXITED)?.si_status, 8)
  },
  'waitid(2) P_PIDFD: EBADF when it is no descriptor': () => fails('EBADF', () => posix.waitid(P_PIDFD, 9999, WEXITED)),
  'waitid(2) WNOHANG: nothing, at once, while no child has changed': () => {
    const gate = new Gate()
    const pid = gate.fork()
    assert.equal(posix.waitid(P_ALL, 0, WEXITED | WNOHANG), undefined)
    gate.open()
    posix.waitpid(pid)
  },
  'waitid(2): ECHILD when the caller has no such child': () => fails('ECHILD', () => posix.waitid(P_ALL, 0, WEXITED)),
  'waitid(2): EINVAL when no change to wait for is named': () => fails('EINVAL', () => posix.waitid(P_ALL, 0, WNOHANG)),
  'waitid(2): EINVAL when the type of id is not known': () => fails('EINVAL', () => posix.waitid(77, 0, WEXITED)),
  'waitid(2): without WEXITED a child that has ended is none to wait for, and is left': () => {
    const pid = posix.fork(() => 0)
    untilZombie(pid)
    fails('ECHILD', () => posix.waitid(P_PID, pid, WSTOPPED | WNOHANG))
    assert.equal(posix.waitpid(pid).pid, pid)
  },
  'waitid(2): EINTR when a handler without SA_RESTART has run': () => {
    const gate = new Gate()
    const pid = gate.fork()
    posix.sigaction(SIGALRM, { sa_handler: caughtIt })
    alarmOften()
    fails('EINTR', () => posix.waitid(P_ALL, 0, WEXITED))
    alarmNever()
    gate.open()
    posix.waitpid(pid)
  },
  'pidfd_open(2): readable once the process has ended, before and after it is waited for': () => {
    const gate = new Gate()
    const pid = gate.fork()
    const pidfd = posix.pidfd_open(pid)
    assert.equal(readable(pidfd), false)
    gate.open()
    untilZombie(pid)
    assert.equal(readable(pidfd), true)
    posix.waitpid(pid)
    assert.equal(readable(pidfd), true)
  },
  'pidfd_open(2): close-on-exec is set': () => {
    const pid = posix.fork(() => posix.pause())
    assert.equal(posix.fcntl(posix.pidfd_open(pid), posix.F_GETFD), posix.FD_CLOEXEC)
    posix.kill(pid, SIGKILL)
    posix.waitpid(pid)
  },
  'pidfd_open(2): ESRCH when there is no such process': () => {
    const pid = posix.fork(() => 0)
    posix.waitpid(pid)
    fails('ESRCH', () => posix.pidfd_open(pid))
  },
  'pidfd_open(2): EINVAL when pid is not positive': () => fails('EINVAL', () => posix.pidfd_open(-1)),
}
