/** Random arguments for calls: mostly wrong ones, none that would hurt another process or wait for ever. */
import { readdirSync } from 'node:fs'
import * as posix from '../../src/posix/index.js'
import { seeded } from './seeded.js'

/** What is not called, and why. */
export const EXCLUDED: Readonly<Record<string, string>> = {
  _exit: 'ends the process',
  main: 'ends the process',
  execve: 'ends the program',
  execv: 'ends the program',
  execvp: 'ends the program',
  execl: 'ends the program',
  execlp: 'ends the program',
  exit: 'ends the process',
  abort: 'ends the process',
  fork: 'makes a second process that would go on with the fuzzing',
  raise: 'a signal may end the process',
  pause: 'waits for ever',
  sigsuspend: 'waits for ever',
  sigwait: 'waits for ever',
  sigwaitinfo: 'waits for ever',
}

type Pool = readonly unknown[]

/** What no parameter is meant to be, or only by accident. */
const JUNK: Pool = [
  Number.NaN,
  1.5,
  -0.5,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  2 ** 31,
  2 ** 40,
  -(2 ** 33),
  Number.MAX_SAFE_INTEGER,
  1e300,
  '',
  '3',
  'text',
  'a\0b',
  true,
  null,
  undefined,
  3n,
  2n ** 70n,
  {},
  [],
  [null],
  [1.5],
  Symbol('junk'),
  () => 0,
  new Date(0),
  new Float64Array(1),
]

const SMALL: Pool = [0, 1, 2, 3, 4, 5, 7, 8, 16, 64, 255, 1024, 4096, -1, -2, 2 ** 31 - 1, -(2 ** 31)]
const buffers = (): Pool =>
  [0, 1, 7, 8, 16, 128, 4096].map((length) => Buffer.alloc(length)).concat([Buffer.from('data')])
const sets = (): Pool => [posix.fd_set(), posix.fd_set(1), posix.fd_set(5000)]
const times: Pool = [
  { tv_sec: 0, tv_usec: 500, tv_nsec: 500_000 },
  { tv_sec: 0, tv_usec: 0, tv_nsec: 0 },
  { tv_sec: -1, tv_usec: -1, tv_nsec: -1 },
  { tv_sec: 0, tv_usec: Number.NaN, tv_nsec: 1.5 },
  { tv_sec: '0', tv_usec: null, tv_nsec: undefined },
  { tv_sec: 0, tv_usec: 1000, tv_nsec: 2e9 },
]
const far = { it_interval: { tv_sec: 0, tv_nsec: 0 }, it_value: { tv_sec: 5000, tv_nsec: 0 } }
/** Beyond the highest that Linux gives. proc_sys_kernel(5), pid_max */
const NOBODY: Pool = [4_194_305, 5_000_000, 2 ** 31 - 1]
/** What is not null or undefined, where that would mean "without limit". */
const SHORT_JUNK: Pool = JUNK.filter((value) => value !== null && value !== undefined && !Array.isArray(value))

/** Names of a function's parameters, as its source has them. */
export function parametersOf(call: (...args: unknown[]) => unknown): string[] {
  const list = /^(?:function\s*\w*)?\s*\(([\s\S]*?)\)\s*(?:=>|\{)/.exec(call.toString())?.[1] ?? ''
  return (
    list
      .split(',')
      .map((part) => part.split('=')[0]?.trim() ?? '')
      // what stands where C has one argument more is refused, whatever it is
      .filter((name) => /^\w+$/.test(name) && name !== 'more')
  )
}

/** Where descriptors of the fuzzing begin, away from Node's. */
const FIRST_FD = 300
const LAST_FD = 800

/** Those that are still open when the list is made: the listing has one of its own. */
function openDescriptors(): number[] {
  const listed = readdirSync('/proc/self/fd').map(Number)
  return listed.filter(isOpen)
}

function isOpen(fd: number): boolean {
  try {
    posix.fcntl(fd, posix.F_GETFD)
    return true
  } catch {
    return false
  }
}

export class Fuzz {
  readonly #random: () => number
  #fds: posix.Fd[] = []
  /** Not among them: with a handler installed, reading it waits where C refuses. */
  #epoll = -1
  /** Node's own, and the test's. */
  readonly #kept = new Set<number>()

  constructor(seed: number) {
    this.#random = seeded(seed)
  }

  /** Makes descriptors of every kind, none of which waits. */
  open(): void {
    posix.signal(posix.SIGPIPE, posix.SIG_IGN)
    const { O_NONBLOCK, SOCK_NONBLOCK, SOCK_STREAM } = posix
    if (this.#kept.size === 0) for (const fd of openDescriptors()) this.#kept.add(fd)
    const made: posix.Fd[] = [
      ...posix.pipe2(O_NONBLOCK),
      ...posix.socketpair(posix.AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK),
      ...posix.socketpair(posix.AF_UNIX, posix.SOCK_SEQPACKET | SOCK_NONBLOCK),
      posix.socket(posix.AF_INET, SOCK_STREAM | SOCK_NONBLOCK),
      posix.socket(posix.AF_INET6, posix.SOCK_DGRAM | SOCK_NONBLOCK),
      posix.open('/dev/null', posix.O_RDWR),
      posix.eventfd(1, posix.EFD_NONBLOCK),
      posix.timerfd_create(posix.CLOCK_MONOTONIC, posix.TFD_NONBLOCK),
      posix.signalfd(-1, [posix.SIGUSR2], posix.SFD_NONBLOCK),
    ]
    const epoll = posix.epoll_create1()
    this.#epoll = posix.dup2(epoll, FIRST_FD + made.length)
    posix.close(epoll)
    this.#fds = made.map((fd, index) => posix.dup2(fd, FIRST_FD + index))
    for (const fd of made) posix.close(fd)
  }

  close(): void {
    for (const fd of openDescriptors()) if (!this.#kept.has(fd) && fd < LAST_FD) posix.close(fd)
  }

  /** Now and then begins with fresh descriptors, because calls close them and make others. */
  renew(): void {
    this.close()
    this.open()
  }

  argumentsOf(name: string, parameters: readonly string[]): unknown[] {
    const own = this.#ownPools(name)
    const args = parameters.map((parameter, index) => this.#pick(own[index] ?? this.#poolOf(parameter)))
    return this.#random() < 0.03 ? args.slice(0, Math.min(args.length, own.length > 0 ? args.length : 1)) : args
  }

  #pick(pool: Pool): unknown {
    return pool[Math.floor(this.#random() * pool.length)]
  }

  get #descriptors(): Pool {
    return [...this.#fds, ...this.#fds, ...JUNK, -1, -100, 99_999, 2 ** 31 - 1]
  }

  #poolOf(parameter: string): Pool {
    if (parameter === 'epfd') return [this.#epoll, this.#epoll, ...this.#descriptors]
    if (['fd', 'socket', 'descriptor'].includes(parameter)) return this.#descriptors
    if (['pid', 'pgid', 'id'].includes(parameter)) return [...NOBODY, ...SHORT_JUNK]
    if (/^(buffer|data|bytes)$/.test(parameter)) return [...buffers(), ...JUNK]
    if (parameter === 'buffers')
      return [[Buffer.alloc(3), Buffer.alloc(0)], [], new Array(2000).fill(Buffer.alloc(1)), ...JUNK]
    if (/fds$/.test(parameter)) return [...sets(), null, ...JUNK]
    if (/^(set|mask|sigmask|signals)$/.test(parameter))
      return [...sets(), posix.sigemptyset(), [posix.SIGUSR2], [0], [65], Buffer.alloc(3), ...JUNK]
    if (/^timeout$/.test(parameter)) return [...times, ...SHORT_JUNK]
    if (parameter === 'timeoutMs') return [0, 1, 2, Number.NaN, 1.5, '1', 2 ** 40, -(2 ** 40), {}, Symbol('ms')]
    if (parameter === 'address')
      return [
        { host: '127.0.0.1', port: 0 },
        { host: '::1', port: 9 },
        { host: 'fe80::1%lo', port: 1 },
        { host: 5, port: 1 },
        { host: '127.0.0.1', port: Number.NaN },
        { path: '' },
        { path: 7 },
        { path: 'x'.repeat(500) },
        { path: '\0tined-fuzz' },
        { path: '/nonexistent/socket' },
        { family: 'unix' },
        ...JUNK,
      ]
    if (parameter === 'message')
      return [
        { msg_iov: [Buffer.from('x')] },
        { msg_iov: [Buffer.alloc(8)], maxFds: 2, fds: this.#fds.slice(0, 2) },
        { msg_iov: [Buffer.alloc(8)], maxFds: 253 },
        { msg_iov: [], maxFds: 1.5, fds: [1.5] },
        { msg_iov: [7], fds: 'x' },
        { msg_iov: [Buffer.from('x')], msg_name: { path: '/nonexistent' } },
        { msg_iov: [Buffer.from('x')], fds: new Array(300).fill(1) },
        ...JUNK,
      ]
    if (parameter === 'interest')
      return [{ events: posix.EPOLLIN }, { events: -1 }, { events: 1, data: -1 }, { events: 1, data: 2 ** 53 }, ...JUNK]
    if (parameter === 'path')
      return [
        '/nonexistent/file',
        '/dev/null',
        '/',
        '/proc/self/exe/x',
        'x\0y',
        '',
        ...JUNK.filter((value) => typeof value !== 'string'),
      ]
    return [...SMALL, ...JUNK]
  }

  /** Where the name of a parameter says too little, or a good value would do harm. */
  #ownPools(name: string): readonly (Pool | undefined)[] {
    const seconds: Pool = [0, Number.NaN, -1, 1.5e300, '1', {}, null, Symbol('s')]
    const pools: Record<string, readonly (Pool | undefined)[]> = {
      poll: [[[], [{ fd: this.#fds[0], events: 1 }], [{ fd: 1.5, events: 1 }], [{ fd: 1 }], [null], ...JUNK]],
      dup2: [this.#descriptors, [...this.#fds, 99_999_999, ...JUNK]],
      dup3: [this.#descriptors, [...this.#fds, 99_999_999, ...JUNK]],
      close_range: [
        [
          900_000,
          2 ** 31 - 1,
          ...JUNK.filter((value) => !(typeof value === 'number' && value >= 0 && value < 900_000)),
        ],
      ],
      // O_NONBLOCK has to stay, or a read would wait for ever
      fcntl: [undefined, [...SMALL.filter((command) => command !== posix.F_SETFL), ...JUNK]],
      setNonBlocking: [undefined, [true]],
      flock: [undefined, [posix.LOCK_EX | posix.LOCK_NB, posix.LOCK_UN, 99, ...JUNK]],
      epoll_wait: [undefined, [[], [null], {}, ...SHORT_JUNK]],
      kill: [NOBODY, [0, ...JUNK]],
      sigqueue: [NOBODY],
      setpgid: [NOBODY],
      // what it says would be taken for a complaint
      perror: [JUNK.filter((value) => typeof value !== 'string')],
      killpg: [NOBODY, [0, ...JUNK]],
      tcsetpgrp: [undefined, NOBODY],
      wait3: [[posix.WNOHANG, ...JUNK.filter((value) => value !== undefined)]],
      wait4: [
        [...NOBODY, -1],
        [posix.WNOHANG, ...JUNK],
      ],
      usleep: [[0, 1, 500, -1, Number.NaN, 2 ** 40, '1', {}, null, Symbol('us')]],
      // as root nothing would protect what is there
      unlink: [['/nonexistent/file', '', 'x\0y', ...JUNK.filter((value) => typeof value !== 'string')]],
      mkfifo: [['/nonexistent/fifo', 'fifo', '', 'x\0y', ...JUNK.filter((value) => typeof value !== 'string')]],
      getaddrinfo: [
        ['127.0.0.1', '::1', 'x\0y', ...SHORT_JUNK.filter((value) => typeof value !== 'string'), null],
        ['80', '99999', 'x\0y', ...JUNK.filter((value) => typeof value !== 'string')],
        [
          { ai_flags: posix.AI_NUMERICHOST, ai_socktype: posix.SOCK_STREAM },
          { ai_flags: posix.AI_NUMERICHOST | posix.AI_PASSIVE, ai_family: 99 },
          { ai_flags: 1.5 },
          { ai_family: 'x' },
          ...JUNK,
        ],
      ],
      inet_addr: [['127.0.0.1', '127.1', '0x7f.1', '1.2.3.4.5', '', 'x\0', ...JUNK]],
      inet_pton: [
        [posix.AF_INET, posix.AF_INET6, 99, ...JUNK],
        ['127.0.0.1', '::1', '::ffff:1.2.3.4', 'fe80::1%lo', '1.2.3', ...JUNK],
      ],
      inet_ntop: [
        [posix.AF_INET, posix.AF_INET6, 99, ...JUNK],
        [Buffer.alloc(4), Buffer.alloc(16), Buffer.alloc(5), ...JUNK],
      ],
      wait: [],
      waitpid: [
        [...NOBODY, -1],
        [posix.WNOHANG, ...JUNK],
      ],
      waitid: [[0, 1, 2, 99], NOBODY, [5, 0, 2 ** 20, ...JUNK]],
      sleep: [seconds],
      alarm: [[0, 10_000, ...seconds]],
      nanosleep: [
        [0, { tv_sec: 0, tv_nsec: 1000 }, { tv_sec: -1, tv_nsec: 0 }, { tv_sec: 0, tv_nsec: 2e9 }, '', null, {}],
      ],
      setitimer: [
        undefined,
        [
          { it_interval: { tv_sec: 0, tv_usec: 0 }, it_value: { tv_sec: 9999, tv_usec: 2e6 } },
          { it_interval: { tv_sec: 0, tv_usec: 1.5 }, it_value: null },
          { it_interval: 0, it_value: 9999 },
          { it_interval: Number.NaN, it_value: -1 },
          far,
          ...JUNK,
        ],
      ],
      timerfd_settime: [undefined, undefined, [far, { it_value: far.it_value }, ...JUNK]],
      sigaction: [
        undefined,
        [{ sa_handler: () => {} }, { sa_handler: 1 }, { sa_handler: 'x' }, { sa_flags: 1.5 }, ...JUNK],
      ],
      setrlimit: [
        [posix.RLIMIT_CORE, 9999, -1],
        [{ soft: 0, hard: 0 }, { soft: -1, hard: 1.5 }, { soft: 2, hard: 1 }, ...JUNK],
      ],
      prctl: [[4, 9999, -1, Number.NaN, '1', null]], // 4: PR_SET_DUMPABLE; others kill on purpose, or take addresses
      fd_set: [[1, 64, 1000, 100_000, -1, ...sets(), ...JUNK]],
      sigemptyset: [],
      sigfillset: [],
    }
    // a process that may set its ids would lose the right to
    if (/^sete?(re|res)?[ug]id$|^setgroups$/.test(name))
      return [0, 1, 2].map(() => ['x', null, {}, -2, 2 ** 40, Symbol('id')])
    return pools[name] ?? []
  }
}
