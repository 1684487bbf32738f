/** A log in a file, which may be moved away at any time: by logrotate, by hand. */
import { type BigIntStats, fstatSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { O_APPEND, O_CLOEXEC, O_CREAT, O_WRONLY } from '../libc/constants.js'
import { close, dup3, open, write } from '../libc/fd.js'
import { getpid } from '../libc/process.js'

/** Which file, and whose descriptor: a forked process may have let go of those that it was born with. */
interface Opened {
  readonly fd: number
  readonly pid: number
  readonly device: bigint
  readonly inode: bigint
}

export class LogFile {
  readonly #path: string
  #opened: Opened

  /**
   * @param path from the present folder, wherever the program goes later
   * @throws {PosixError} EACCES, ENOENT, …: it cannot be opened
   */
  constructor(path: string) {
    this.#path = resolve(path)
    this.#opened = this.#open()
  }

  /**
   * Appends a line, to the file that is there now. A look at the path before each is the price for needing no signal to open it anew.
   *
   * @throws {PosixError} ENOSPC, EACCES, …
   */
  write(line: Uint8Array): void {
    const fd = this.#current()
    // a part of a line is written where the disk is full: the rest is refused in words
    for (let taken = 0; taken < line.length; ) taken += write(fd, line.subarray(taken)) ?? 0
  }

  #current(): number {
    const { pid, fd, device, inode } = this.#opened
    const isIt = (found: BigIntStats | undefined): boolean => found?.dev === device && found.ino === inode
    const ours = pid === getpid() || isIt(tryFstat(fd))
    if (ours && isIt(statSync(this.#path, { bigint: true, throwIfNoEntry: false }))) return fd
    this.#opened = this.#open(ours ? fd : undefined)
    return this.#opened.fd
  }

  /** @param number that it shall have */
  #open(number?: number): Opened {
    let fd = open(this.#path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
    if (number !== undefined) {
      dup3(fd, number, O_CLOEXEC)
      close(fd)
      fd = number
    }
    const { dev: device, ino: inode } = fstatSync(fd, { bigint: true })
    return { fd, pid: getpid(), device, inode }
  }
}

function tryFstat(fd: number): BigIntStats | undefined {
  try {
    return fstatSync(fd, { bigint: true })
  } catch {
    return undefined // closed since
  }
}
