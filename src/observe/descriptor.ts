/** One descriptor of a process, in words. proc_pid_fd(5), proc_pid_fdinfo(5) */
import { O_CLOEXEC, O_NONBLOCK, O_RDWR, O_WRONLY } from '../libc/constants.js'
import { pipeFill } from '../libc/pipe-fill.js'
import { type Refused, readFileOf } from './read.js'
import { inodeOf, type Socket, type Sockets } from './sockets.js'

export type Access = 'read' | 'write' | 'read and write'

export interface Flags {
  access: Access
  nonBlocking: boolean
  closeOnExec: boolean
}

/** Those of open(2). @param text of /proc/PID/fdinfo/N */
export const openFlagsIn = (text: string): number => Number.parseInt(/^flags:\s*([0-7]+)$/m.exec(text)?.[1] ?? '0', 8)

/** @param text of /proc/PID/fdinfo/N */
export function parseFlags(text: string): Flags {
  const flags = openFlagsIn(text)
  const mode = flags & (O_WRONLY | O_RDWR)
  return {
    access: mode === O_RDWR ? 'read and write' : mode === O_WRONLY ? 'write' : 'read',
    nonBlocking: (flags & O_NONBLOCK) !== 0,
    closeOnExec: (flags & O_CLOEXEC) !== 0,
  }
}

function socketWords(socket: Socket | undefined, inode: number): string {
  if (socket === undefined) return `socket [${inode}], neither TCP nor unix, or not connected any more`
  if (socket.kind === 'unix') {
    if (socket.path === '') return `one of a pair of unix sockets [${inode}]`
    return socket.state === 'LISTEN' ? `listening on ${socket.path}` : `connection on ${socket.path}`
  }
  if (socket.state === 'LISTEN') return `listening on ${socket.local}, ${socket.unreadBytes} waiting`
  const { remote, state, unreadBytes, unsentBytes } = socket
  const unread = unreadBytes > 0 ? `, ${unreadBytes} bytes to be read` : ''
  const unsent = unsentBytes > 0 ? `, ${unsentBytes} bytes not confirmed` : ''
  return `connection with ${remote}, ${state}${unread}${unsent}`
}

function pipeWords(inode: number, { access }: Flags, pid: number, fd: number): string {
  if (access === 'write') return `write end of pipe [${inode}]`
  const fill = access === 'read' ? pipeFill(pid, fd) : undefined
  if (fill === undefined) return `${access === 'read' ? 'read end' : 'both ends'} of pipe [${inode}]`
  const full = fill.bytes >= fill.room ? ': full' : ''
  return `read end of pipe [${inode}], ${fill.bytes} of ${fill.room / 1024}K${full}`
}

function anonymousWords(kind: string, info: string): string {
  const field = (name: string): string | undefined => new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(info)?.[1]
  switch (kind) {
    case 'eventpoll':
      return `epoll, watches ${[...info.matchAll(/^tfd:\s*(\d+)/gm)].map(([, fd]) => fd).join(', ') || 'nothing'}`
    case 'eventfd':
      return `eventfd, count ${Number.parseInt(field('eventfd-count') ?? '0', 16)}`
    case 'pidfd':
      return `pidfd of ${field('Pid') ?? 'a process'}`
    default:
      return kind
  }
}

const TERMINAL = /^\/dev\/(pts\/\d+|tty\w*|console)$/
const MEMFD = /^\/memfd:(.*?)(?: \(deleted\))?$/s

export interface Words {
  what: string
  kind: 'tcp' | 'unix' | 'socket' | 'pipe' | 'kernel' | 'memory' | 'terminal' | 'file'
}

/** @param target what the link in /proc/PID/fd says: a path has any bytes */
export function inWords(pid: number, fd: number, target: string, info: string, sockets: Sockets): Words {
  const inode = inodeOf(target)
  if (target.startsWith('socket:') && inode !== undefined) {
    const socket = sockets.get(inode)
    return { kind: socket?.kind ?? 'socket', what: socketWords(socket, inode) }
  }
  if (target.startsWith('pipe:') && inode !== undefined)
    return { kind: 'pipe', what: pipeWords(inode, parseFlags(info), pid, fd) }
  const anonymous = /^anon_inode:\[?(.*?)\]?$/.exec(target)?.[1]
  if (anonymous !== undefined) return { kind: 'kernel', what: anonymousWords(anonymous, info) }
  const memory = MEMFD.exec(target)?.[1]
  if (memory !== undefined) return { kind: 'memory', what: `memory file ${memory}` }
  if (TERMINAL.test(target)) return { kind: 'terminal', what: `terminal ${target}` }
  if (target === '/dev/null') return { kind: 'file', what: 'the null device' }
  return { kind: 'file', what: target }
}

export const infoOf = (pid: number, fd: number, refused: Refused): string | undefined =>
  readFileOf(pid, `fdinfo/${fd}`, refused)
