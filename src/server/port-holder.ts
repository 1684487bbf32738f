/** Who has an address that is taken, as far as the kernel tells: of the processes of other users it does not. proc(5) */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { encodeSockaddr, type SocketAddress } from '../libc/address.js'
import { printable } from '../libc/printable.js'

const MOST_LETTERS = 60

const linesOf = (table: string): string[] => {
  try {
    return readFileSync(`/proc/net/${table}`, 'utf8').split('\n').slice(1)
  } catch {
    return [] // a kernel without IPv6
  }
}

/** As net/tcp has an address: each four bytes as a number of this machine. */
function hexOf(address: SocketAddress): string {
  const bytes = encodeSockaddr(address).subarray(...(address.family === 'IPv4' ? [4, 8] : [8, 24]))
  return bytes.swap32().toString('hex').toUpperCase()
}

const isAny = (hex: string): boolean => /^0+$/.test(hex)

/** The inode of a socket that listens on a port, at this address or, as the kernel sees it, at one that includes it. */
function portInode(address: SocketAddress & { port: number }): string | undefined {
  const wanted = hexOf(address)
  const rows = ['tcp', 'tcp6'].flatMap(linesOf).map((line) => line.trim().split(/\s+/))
  const found = rows.find(([, local = '', , state]) => {
    const [hex = '', port = ''] = local.split(':')
    if (state !== '0A' || Number.parseInt(port, 16) !== address.port) return false
    return hex === wanted || isAny(hex) || isAny(wanted)
  })
  return found?.[9]
}

/** As net/unix has the flags of one that listens; what was accepted from it has its path too. */
const ACCEPTS = '00010000'
const STREAM = '0001'
const UNCONNECTED = '01'

function pathInode(path: string): string | undefined {
  const name = path.replace(/^\0/, '@')
  return linesOf('unix')
    .filter((line) => line.endsWith(` ${name}`))
    .map((line) => line.split(/\s+/))
    .find(([, , , flags]) => flags === ACCEPTS)?.[6]
}

/** Whether some process has bound a socket to the path and does not listen yet: clients are refused as if nobody was there. */
export const isBeingOpened = (path: string): boolean =>
  linesOf('unix')
    .filter((line) => line.endsWith(` ${path}`))
    .map((line) => line.split(/\s+/))
    .some(([, , , flags, type, state]) => flags === '00000000' && type === STREAM && state === UNCONNECTED)

/** The first process that has the socket open, by its number: who made it is older than what it forked. */
function pidWith(inode: string): string | undefined {
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .sort((a, b) => Number(a) - Number(b))
  return pids.find((pid) => {
    try {
      return readdirSync(`/proc/${pid}/fd`).some((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`)
    } catch {
      return false // not ours to look at, or gone meanwhile
    }
  })
}

function commandOf(pid: string): string {
  try {
    return printable(readFileSync(`/proc/${pid}/cmdline`, 'utf8').replace(/\0+$/, '').replaceAll('\0', ' '))
  } catch {
    return ''
  }
}

/** `process 4711 (node app.js) has it`; undefined when nothing is known. */
export function whoHas(address: SocketAddress): string | undefined {
  const inode = address.family === 'unix' ? pathInode(address.path) : portInode(address)
  if (inode === undefined) return undefined
  const pid = pidWith(inode)
  if (pid === undefined) return 'a process that cannot be seen from here has it'
  if (Number(pid) === process.pid) return 'this program has it itself'
  return `process ${pid} (${commandOf(pid).slice(0, MOST_LETTERS)}) has it`
}
