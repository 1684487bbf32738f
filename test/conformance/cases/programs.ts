/** Calls that programs of a course use besides: groups, ends, words for errors, files, usage; and C's way to call. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import * as posix from '../../../src/posix/index.js'
import { pair } from '../at-hand.js'
import type { Cases } from '../case.js'
import { caughtIt, end, endsWell, fails, Gate, took } from '../expect.js'

const { AF_INET, SIGABRT, SIGTERM } = posix

function inFolder(act: (folder: string) => void): void {
  const folder = mkdtempSync(`${tmpdir()}/tined-conformance-`)
  try {
    act(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** What a child writes to standard error, and how it ends. */
function complains(child: () => number | undefined): { text: string; end: posix.WaitStatus } {
  const [readEnd, writeEnd] = posix.pipe()
  const pid = posix.fork(() => {
    posix.dup2(writeEnd, 2)
    return child()
  })
  posix.close(writeEnd)
  const bytes = Buffer.alloc(4096)
  return { text: bytes.toString('utf8', 0, posix.read(readEnd, bytes)), end: end(pid) }
}

export const cases: Cases = {
  'killpg(3): the signal goes to all of the group; no such group is false': () => {
    const gate = new Gate()
    const leader = gate.fork()
    posix.setpgid(leader, leader)
    assert.equal(posix.killpg(leader, SIGTERM), true)
    assert.equal(end(leader).type, 'signaled')
    gate.open()
    assert.equal(posix.killpg(leader, SIGTERM), false)
    fails('EINVAL', () => posix.killpg(-1, 0))
  },
  'abort(3): the handler of SIGABRT runs, blocked or not, and then the signal ends the process': () => {
    const [readEnd, writeEnd] = posix.pipe()
    posix.setrlimit(posix.RLIMIT_CORE, { soft: 0, hard: 0 })
    const pid = posix.fork(() => {
      posix.signal(SIGABRT, () => posix.write(writeEnd, 'ran'))
      posix.sigprocmask(posix.SIG_BLOCK, [SIGABRT])
      posix.abort()
    })
    posix.close(writeEnd)
    assert.deepEqual(end(pid), { type: 'signaled', signal: SIGABRT, core: false })
    assert.equal(posix.read(readEnd, Buffer.alloc(10)), 3)
  },
  'exit(3): the low 8 bits are the status, and exit handlers are called': () => {
    const [readEnd, writeEnd] = posix.pipe()
    const pid = posix.fork(() => {
      process.on('exit', () => posix.write(writeEnd, 'x'))
      posix.exit(0x1fe)
    })
    posix.close(writeEnd)
    assert.deepEqual(end(pid), { type: 'exited', code: 0xfe })
    assert.equal(posix.read(readEnd, Buffer.alloc(10)), 1)
  },
  'strerror(3): an error in words, of an exception too': () => {
    assert.equal(posix.strerror(posix.ENOENT), 'No such file or directory')
    assert.equal(posix.strerror(-posix.EPIPE), 'Broken pipe')
    assert.equal(posix.strerror(0), 'Success')
  },
  'perror(3): the text, a colon, and the error in words, on standard error': () => {
    const { text } = complains(() => {
      try {
        posix.close(987)
      } catch (error) {
        posix.perror('close', error)
      }
      return 0
    })
    assert.equal(text, 'close: Bad file descriptor\n')
  },
  'execv(3), execvp(3), execl(3), execlp(3): the program runs, with this environment': () => {
    process.env['TINED_CASE'] = '5'
    const script = 'exit "$TINED_CASE"'
    for (const execute of [
      () => posix.execv('/bin/sh', ['sh', '-c', script]),
      () => posix.execvp('sh', ['sh', '-c', script]),
      () => posix.execl('/bin/sh', 'sh', '-c', script, null),
      () => posix.execlp('sh', 'sh', '-c', script),
    ])
      assert.deepEqual(end(posix.fork(execute)), { type: 'exited', code: 5 })
  },
  'execvp(3): what is in no folder of PATH is ENOENT, what may not be executed EACCES': () =>
    inFolder((folder) => {
      writeFileSync(`${folder}/program`, 'x', { mode: 0o600 })
      process.env['PATH'] = `/nowhere:${folder}`
      fails('EACCES', () => posix.execvp('program', ['program']))
      fails('ENOENT', () => posix.execvp('other', ['other']))
      fails('ENOENT', () => posix.execvp('', ['']))
      assert.throws(() => posix.execv('/bin/true', 'true' as never), TypeError)
    }),
  'mkfifo(3): makes a FIFO; one that is there is EEXIST. unlink(2): takes its name away': () =>
    inFolder((folder) => {
      const path = `${folder}/fifo`
      posix.mkfifo(path, 0o600)
      fails('EEXIST', () => posix.mkfifo(path, 0o600))
      const child = posix.fork(() => void posix.write(posix.open(path, posix.O_WRONLY), 'hello'))
      assert.equal(posix.read(posix.open(path, posix.O_RDONLY), Buffer.alloc(10)), 5)
      endsWell(child)
      posix.unlink(path)
      fails('ENOENT', () => posix.unlink(path))
    }),
  'lseek(2): moves the offset, from the beginning, from where it is, from the end; a pipe is ESPIPE': () =>
    inFolder((folder) => {
      const fd = posix.open(`${folder}/file`, posix.O_RDWR | posix.O_CREAT)
      posix.write(fd, 'abcdef')
      assert.equal(posix.lseek(fd, 1, posix.SEEK_SET), 1)
      assert.equal(posix.lseek(fd, 2, posix.SEEK_CUR), 3)
      assert.equal(posix.lseek(fd, -1, posix.SEEK_END), 5)
      const last = Buffer.alloc(4)
      assert.equal(last.toString('utf8', 0, posix.read(fd, last)), 'f')
      fails('EINVAL', () => posix.lseek(fd, -1, posix.SEEK_SET))
      fails('ESPIPE', () => posix.lseek(posix.pipe()[0], 0, posix.SEEK_SET))
    }),
  'isatty(3): a pipe is no terminal. tcgetpgrp(3), tcsetpgrp(3): it is ENOTTY': () => {
    const [readEnd] = posix.pipe()
    assert.equal(posix.isatty(readEnd), false)
    fails('EBADF', () => posix.isatty(987))
    fails('ENOTTY', () => posix.tcgetpgrp(readEnd))
    fails('ENOTTY', () => posix.tcsetpgrp(readEnd, posix.getpgrp()))
  },
  'usleep(3): waits at least so long; a handler ends it': () => {
    assert.ok(took(() => assert.equal(posix.usleep(20_000), true)) >= 20)
    posix.signal(posix.SIGALRM, caughtIt)
    posix.setitimer(posix.ITIMER_REAL, { it_interval: 0, it_value: { tv_sec: 0, tv_usec: 5000 } })
    assert.equal(posix.usleep(60_000_000), false)
  },
  'getrusage(2): what this process and its children have used; EINVAL for another question': () => {
    // a kernel that counts by its clock's ticks has seen nothing of a program that has just begun
    const userUs = (): number => {
      const { ru_utime } = posix.getrusage(posix.RUSAGE_SELF)
      return ru_utime.tv_sec * 1e6 + ru_utime.tv_usec
    }
    for (let spun = 0; spun < 1e9 && userUs() === 0; spun++);
    assert.ok(userUs() > 0)
    const { ru_maxrss } = posix.getrusage(posix.RUSAGE_SELF)
    assert.ok(ru_maxrss > 10_000)
    fails('EINVAL', () => posix.getrusage(99))
  },
  'wait4(2), wait3(2): the child, its status, and what it used; WNOHANG as in waitpid': () => {
    const gate = new Gate()
    const pid = gate.fork(() => 3)
    assert.equal(posix.wait4(pid, posix.WNOHANG), undefined)
    gate.open()
    const waited = posix.wait4(pid)
    assert.deepEqual([waited.pid, waited.status], [pid, 3 << 8])
    assert.ok(waited.rusage.ru_maxrss > 0)
    fails('ECHILD', () => posix.wait4(pid))
    posix.signal(posix.SIGUSR1, caughtIt)
    const other = posix.fork(() => 4)
    assert.deepEqual([posix.wait3().pid, posix.getrusage(posix.RUSAGE_CHILDREN).ru_maxrss > 0], [other, true])
    assert.throws(() => posix.wait3(), { syscall: 'wait3', code: 'ECHILD' })
  },
  'epoll_create(2): as epoll_create1; a size of 0 is EINVAL': () => {
    const epfd = posix.epoll_create(1)
    posix.epoll_ctl(epfd, posix.EPOLL_CTL_ADD, pair()[0], { events: posix.EPOLLIN | posix.EPOLLET })
    assert.throws(() => posix.epoll_create(0), { syscall: 'epoll_create', code: 'EINVAL' })
  },
  'too many arguments are a TypeError that shows how it is in TypeScript': () => {
    const call = posix as unknown as Record<string, (...args: unknown[]) => unknown>
    const [one] = pair()
    const refused = (name: string, ...args: unknown[]): void =>
      assert.throws(
        () => call[name]?.(...args),
        (error) => error instanceof TypeError && error.message.includes(`TypeScript it is ${name}(`),
      )
    const buffer = Buffer.alloc(8)
    refused('waitpid', -1, 0, posix.WNOHANG)
    refused('waitpid', -1, {}, 0)
    refused('wait', buffer)
    refused('wait4', -1, 0, 0, {})
    refused('pipe', [0, 0])
    refused('socketpair', posix.AF_UNIX, posix.SOCK_STREAM, 0, [])
    refused('bind', one, { host: '127.0.0.1', port: 0 }, 16)
    refused('connect', one, { path: '/x' }, 110)
    refused('accept', one, {}, 16)
    refused('getsockname', one, {}, 16)
    refused('send', one, 'abc', 3, 0)
    refused('recv', one, buffer, 8, 0)
    refused('sendto', one, 'abc', 3, 0, { path: '/x' }, 110)
    refused('recvfrom', one, buffer, 8, 0, {}, 0)
    refused('setsockopt', one, posix.SOL_SOCKET, posix.SO_REUSEADDR, 1, 4)
    refused('getsockopt', one, posix.SOL_SOCKET, posix.SO_REUSEADDR, buffer, 4)
    refused('sigwait', [posix.SIGUSR1], 0)
    refused('poll', [], 0, 1000)
    refused('readv', one, [buffer], 1)
    refused('getrlimit', posix.RLIMIT_NOFILE, {})
    refused('getrusage', posix.RUSAGE_SELF, {})
    refused('inet_pton', AF_INET, '127.0.0.1', buffer)
  },
  'C’s NULL and structs are taken where they mean something': () => {
    const [readEnd, writeEnd] = posix.pipe()
    posix.write(writeEnd, 'abc')
    const reads = posix.fd_set()
    posix.FD_SET(readEnd, reads)
    assert.equal(posix.select(readEnd + 1, reads, 0, 0, { tv_sec: 0, tv_usec: 0 }), 1)
    const iov_base = Buffer.alloc(8)
    assert.equal(posix.readv(readEnd, [{ iov_base, iov_len: 2 }]), 2)
    assert.equal(iov_base.toString('utf8', 0, 3), 'ab\0')
    assert.throws(() => posix.readv(readEnd, [{ iov_base, iov_len: 9 }]), /iov_len: expected 0 to 8/)
    const old = posix.sigemptyset()
    posix.sigprocmask(posix.SIG_BLOCK, [posix.SIGUSR1], 0)
    posix.sigprocmask(posix.SIG_SETMASK, [posix.SIGUSR2], old)
    assert.deepEqual(posix.sigsetMembers(old), [posix.SIGUSR1])
    posix.kill(posix.getpid(), posix.SIGUSR2)
    posix.sigpending(old)
    assert.deepEqual(posix.sigsetMembers(old), [posix.SIGUSR2])
    posix.signal(posix.SIGALRM, caughtIt)
    posix.setitimer(posix.ITIMER_REAL, { it_interval: 0, it_value: { tv_sec: 0, tv_usec: 5000 } })
    const rem = { tv_sec: 0, tv_nsec: 0 }
    assert.deepEqual(posix.nanosleep({ tv_sec: 60, tv_nsec: 0 }, rem), rem)
    assert.equal(rem.tv_sec, 59)
  },
  'select(2): a set that goes into it as it came out is said once; a copy is not': () => {
    const said = (copy: (set: posix.fd_set) => posix.fd_set): string =>
      complains(() => {
        const [[readEnd], [other, otherEnd]] = [posix.pipe(), posix.pipe()]
        const reads = posix.fd_set()
        for (const fd of [readEnd, other]) posix.FD_SET(fd, reads)
        posix.write(otherEnd, 'x')
        for (let turn = 0; turn < 3; turn++) posix.select(64, copy(reads), null, null, { tv_sec: 0, tv_usec: 0 })
        return 0
      }).text
    assert.match(
      said((set) => set),
      /^tined\/posix: select is given .* FD_COPY\(reads, temps\)\n$/,
    )
    assert.equal(said(posix.fd_set), '')
  },
  'setTimeout in main never fires, and that is said': () => {
    const { text } = complains(() => {
      setTimeout(() => {}, 0).unref()
      setTimeout(() => {}, 0).unref()
      return 0
    })
    assert.match(text, /^tined\/posix: setTimeout in posix.main\(\) never .*\n$/)
  },
  'await and then in main never go on, and that is said once; a promise that nobody waits for is silent': () => {
    const wait = async (): Promise<null> => await null
    const awaits = complains(() => {
      void wait()
      void wait()
      void Promise.resolve().then(() => {})
      return 0
    })
    const thens = complains(() => {
      void Promise.resolve().then(() => {})
      return 0
    })
    for (const { text } of [awaits, thens])
      assert.match(text, /^tined\/posix: await and then in posix.main\(\) never .*\n$/)
    const silent = complains(() => {
      void Promise.resolve(3)
      return 0
    })
    assert.equal(silent.text, '')
  },
}
