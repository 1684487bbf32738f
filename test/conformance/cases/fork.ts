/** fork(2), _exit(2), execve(2), credentials(7), setpgid(2), setsid(2), getrlimit(2), prctl(2). */
import assert from 'node:assert/strict'
import { PR_SET_CHILD_SUBREAPER, PR_SET_PDEATHSIG, RLIMIT_NOFILE } from '../../../src/libc/constants.js'
import * as posix from '../../../src/posix/index.js'
import type { Cases } from '../case.js'
import { end, endsWell, fails, Gate, until } from '../expect.js'

const { SIGKILL, SIGUSR1 } = posix
const exists = (fd: number): boolean => {
  try {
    return posix.fcntl(fd, posix.F_GETFD) >= 0
  } catch {
    return false
  }
}

export const cases: Cases = {
  'fork(2): returns the pid of the child in the parent, and 0 in the child': () => {
    const pid = posix.fork()
    if (pid === 0) posix._exit(33)
    assert.ok(pid > 0)
    assert.deepEqual(posix.wait(), { pid, status: 33 << 8 })
  },
  'fork(2): the child has a pid of its own, and the parent’s as its parent': () => {
    const parent = posix.getpid()
    const pid = posix.fork(() => {
      assert.notEqual(posix.getpid(), parent)
      assert.equal(process.pid, posix.getpid())
      assert.equal(posix.getppid(), parent)
    })
    endsWell(pid)
  },
  'fork(2): memory is copied; what one writes the other does not see': () => {
    const shared = { value: 1 }
    endsWell(
      posix.fork(() => {
        shared.value = 2
      }),
    )
    assert.equal(shared.value, 1)
  },
  'fork(2): the child has copies of the descriptors; closing one does not close the other': () => {
    const [readEnd] = posix.pipe()
    endsWell(posix.fork(() => posix.close(readEnd)))
    assert.ok(exists(readEnd))
  },
  'fork(2): copies refer to one open file description, offset included': () => {
    const fd = posix.open('/proc/self/exe', posix.O_RDONLY)
    const buffer = Buffer.alloc(4)
    endsWell(posix.fork(() => void posix.read(fd, buffer)))
    posix.read(fd, buffer)
    assert.notEqual(buffer.toString('latin1'), '\x7fELF', 'the child has read these four bytes')
  },
  'fork(2): the child inherits group, session and limits': () => {
    posix.setrlimit(RLIMIT_NOFILE, { soft: 512, hard: 512 })
    const of = (): unknown[] => [posix.getpgrp(), posix.getsid(), posix.getrlimit(RLIMIT_NOFILE)]
    const mine = of()
    endsWell(posix.fork(() => assert.deepEqual(of(), mine)))
  },
  'fork(2): a child may fork, and its child too': () => {
    const nest = (depth: number): number =>
      depth === 0 ? 9 : posix.WEXITSTATUS(posix.waitpid(posix.fork(() => nest(depth - 1))).status)
    assert.equal(nest(4), 9)
  },
  'fork(2): the child of a process that has ended is handed to a subreaper': () => {
    posix.prctl(PR_SET_CHILD_SUBREAPER, 1)
    const gate = new Gate()
    const [readEnd, writeEnd] = posix.pipe2(posix.O_CLOEXEC)
    const me = posix.getpid()
    const parent = posix.fork(() => {
      gate.fork(() => {
        until(() => posix.getppid() === me)
        posix.write(writeEnd, Buffer.from('adopted'))
        return 4
      })
    })
    posix.waitpid(parent)
    gate.open()
    const text = Buffer.alloc(16)
    assert.equal(text.toString('utf8', 0, posix.read(readEnd, text)), 'adopted')
    assert.equal(posix.WEXITSTATUS(posix.wait().status), 4)
  },
  'fork(2): what was random in the parent is not repeated in children': () => {
    const [readEnd, writeEnd] = posix.pipe()
    for (let index = 0; index < 4; index++)
      posix.waitpid(posix.fork(() => void posix.write(writeEnd, Buffer.from(`${Math.random()}\n`))))
    const text = Buffer.alloc(400)
    const lines = text.toString('utf8', 0, posix.read(readEnd, text)).trim().split('\n')
    assert.equal(new Set(lines).size, 4)
  },
  'fork(2): a hundred children run at once, each with its own status': () => {
    const gate = new Gate()
    const pids = Array.from({ length: 100 }, (_, index) => gate.fork(() => index))
    gate.open()
    for (const [index, pid] of pids.entries()) assert.deepEqual(end(pid), { type: 'exited', code: index })
  },
  '_exit(2): ends the process at once, with the low 8 bits as its status': () => {
    const pid = posix.fork()
    if (pid === 0) {
      process.on('exit', () => posix._exit(1))
      posix._exit(0x1fe)
    }
    assert.deepEqual(end(pid), { type: 'exited', code: 0xfe })
  },
  'prctl PR_SET_PDEATHSIG: the child gets the signal when its parent ends': () => {
    posix.prctl(PR_SET_CHILD_SUBREAPER, 1)
    const gate = new Gate()
    const parent = posix.fork(() => {
      posix.fork(() => {
        posix.prctl(PR_SET_PDEATHSIG, SIGUSR1)
        gate.open()
        posix.pause()
      })
      gate.wait()
    })
    gate.open()
    posix.waitpid(parent)
    assert.equal(posix.WTERMSIG(posix.wait().status), SIGUSR1)
  },
  'execve(2): replaces the program, with arguments and environment': () => {
    const pid = posix.fork(() => posix.execve('/bin/sh', ['sh', '-c', 'exit "$1"', 'sh', '12'], { PATH: '/nowhere' }))
    assert.deepEqual(end(pid), { type: 'exited', code: 12 })
    const other = posix.fork(() => posix.execve('/bin/sh', ['sh', '-c', 'exit "$CODE"'], { CODE: '13' }))
    assert.deepEqual(end(other), { type: 'exited', code: 13 })
  },
  'execve(2): the pid stays': () => {
    const pid = posix.fork(() => posix.execve('/bin/sh', ['sh', '-c', `kill -9 $$`], {}))
    assert.deepEqual(end(pid), { type: 'signaled', signal: SIGKILL, core: false })
  },
  'execve(2): ENOENT when there is no such file': () => fails('ENOENT', () => posix.execve('/nonexistent', ['x'], {})),
  'execve(2): EACCES when the file is no program': () => fails('EACCES', () => posix.execve('/etc/passwd', ['x'], {})),
  'setpgid(2): a process may be made the leader of a group of its own': () => {
    endsWell(
      posix.fork(() => {
        posix.setpgid(0, 0)
        assert.equal(posix.getpgrp(), posix.getpid())
      }),
    )
  },
  'setpgid(2): ESRCH when it is neither the caller nor a child': () =>
    fails('ESRCH', () => posix.setpgid(posix.getppid(), 0)),
  'setpgid(2): EPERM when the group does not exist': () => {
    const pid = posix.fork(() => 0)
    fails('EPERM', () => posix.setpgid(0, pid))
    posix.waitpid(pid)
  },
  'setpgid(2): EACCES when the child has executed another program': () => {
    const pid = posix.fork(() => posix.execve('/bin/sleep', ['sleep', '100'], {}))
    until(() => {
      try {
        posix.setpgid(pid, 0)
        return false
      } catch (error) {
        return (error as posix.PosixError).code === 'EACCES'
      }
    })
    posix.kill(pid, SIGKILL)
    posix.waitpid(pid)
  },
  'setsid(2): the caller leads a new session and a new group': () => {
    endsWell(
      posix.fork(() => {
        const pid = posix.getpid()
        assert.deepEqual([posix.setsid(), posix.getsid(), posix.getpgrp()], [pid, pid, pid])
      }),
    )
  },
  'setsid(2): EPERM when the caller leads a group already': () => {
    endsWell(
      posix.fork(() => {
        posix.setpgid(0, 0)
        fails('EPERM', posix.setsid)
      }),
    )
  },
  'getpgid(2): ESRCH when there is no such process': () => {
    const pid = posix.fork(() => 0)
    posix.waitpid(pid)
    fails('ESRCH', () => posix.getpgid(pid))
    fails('ESRCH', () => posix.getsid(pid))
  },
  'getrlimit(2) RLIMIT_NOFILE: EMFILE once the soft limit is reached': () => {
    posix.setrlimit(RLIMIT_NOFILE, { soft: 40, hard: 40 })
    assert.deepEqual(posix.getrlimit(RLIMIT_NOFILE), { soft: 40, hard: 40 })
    fails('EMFILE', () => {
      for (;;) posix.pipe()
    })
  },
  'setrlimit(2): EINVAL when the soft limit is above the hard one': () =>
    fails('EINVAL', () => posix.setrlimit(RLIMIT_NOFILE, { soft: 100, hard: 50 })),
  'setuid(2): without privilege only to a user one is already: EPERM': () => {
    endsWell(
      posix.fork(() => {
        if (posix.geteuid() === 0) {
          posix.setgroups([])
          posix.setgid(65534)
          posix.setuid(65534)
          assert.deepEqual([posix.getuid(), posix.geteuid(), posix.getgid()], [65534, 65534, 65534])
          assert.deepEqual(posix.getgroups(), [])
        }
        fails('EPERM', () => posix.setuid(0))
        fails('EPERM', () => posix.setresuid(0, 0, 0))
        fails('EPERM', () => posix.setgid(0))
        fails('EPERM', () => posix.setgroups([0]))
        posix.setreuid(-1, posix.geteuid())
      }),
    )
  },
}
