/** The file of a store: opened once, locked as long as any process of the server has it, appended to, cut. */
import { closeSync, fstatSync, fsyncSync, openSync, readSync, type Stats, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { LOCK_EX, LOCK_NB, O_APPEND, O_CLOEXEC, O_CREAT, O_RDWR } from '../../libc/constants.js'
import { close, dup3, fdatasync, flock, ftruncate, open, write } from '../../libc/fd.js'
import { PosixError } from '../../libc/posix-error.js'
import { StoreError } from './store-error.js'

/** Messages are private to the user and the group; the umask may take more away. */
const MODE = 0o640

/** What `append` did. */
export interface Appended {
  /** Bytes that are in the file now, on disk or not. */
  written: number
  /** Why it is not all of them. */
  error: PosixError | undefined
}

/** What a commit needs of a file. */
export interface AppendFile {
  length(): number
  append(bytes: Buffer): Appended
  truncate(length: number): void
  /**
   * @param wanted code of the most that senders wait for: what is more than a disk only some sinks have
   * @throws {PosixError} EIO, ENOSPC, … what was appended since the last call may be lost, and must not be synced again
   */
  sync(wanted?: number): void
  /** Told that what was appended last stays, synced or not, and that its senders know it. */
  settled?(): void
  /** Whether the path still names this file, and it has `length` bytes. */
  isAsLeft(length: number): boolean
  /** Whether these bytes are at that place. */
  holds(at: number, bytes: Buffer): boolean
}

type Found = Pick<Stats, 'ino' | 'dev' | 'nlink' | 'size'>

export class StoreFile implements AppendFile {
  /** Its path in full: the process may change its folder. */
  readonly whole: string
  readonly #reopened: (fd: number) => void
  #identity: Stats

  /** @param reopened told of a new file at the path, before it is used */
  constructor(
    readonly path: string,
    readonly fd: number,
    reopened: (fd: number) => void = () => {},
  ) {
    this.whole = resolve(path)
    this.#reopened = reopened
    this.#identity = fstatSync(fd)
  }

  /** Tells files of a file system apart. */
  get inode(): number {
    return this.#identity.ino
  }

  length(): number {
    return fstatSync(this.fd).size
  }

  isAsLeft(length: number): boolean {
    const there = this.#there()
    return there.size === length && this.#is(there)
  }

  /** Whether the path names another file by now, or none. */
  get moved(): boolean {
    return !this.#is(this.#there())
  }

  /** Whether it has no name any more: what is in it is gone when it is closed. */
  get removed(): boolean {
    return fstatSync(this.fd).nlink === 0
  }

  #is({ ino, dev, nlink }: Found): boolean {
    return ino === this.#identity.ino && dev === this.#identity.dev && nlink > 0
  }

  /** What the path names. Where that may not be asked, the open file is what there is to look at. */
  #there(): Found {
    try {
      const there = statSync(this.whole, { throwIfNoEntry: false })
      return there ?? { ...fstatSync(this.fd), nlink: 0 }
    } catch {
      return fstatSync(this.fd)
    }
  }

  /**
   * Goes on with the file that the path names now, which is made if there is none.
   *
   * @throws {PosixError} {StoreError} as `openStoreFile`
   */
  reopen(): void {
    const fd = openLocked(this.whole, this.path)
    try {
      this.#reopened(fd)
      dup3(fd, this.fd, O_CLOEXEC)
      this.#identity = fstatSync(this.fd)
    } finally {
      close(fd)
    }
  }

  holds(at: number, bytes: Buffer): boolean {
    const found = Buffer.allocUnsafe(bytes.length)
    let filled = 0
    for (let count = -1; filled < found.length && count !== 0; filled += count)
      count = readSync(this.fd, found, filled, found.length - filled, at + filled)
    return filled === bytes.length && found.equals(bytes)
  }

  append(bytes: Buffer): Appended {
    let written = 0
    try {
      while (written < bytes.length) written += write(this.fd, bytes.subarray(written)) ?? 0
      return { written, error: undefined }
    } catch (error) {
      if (!(error instanceof PosixError)) throw error
      return { written, error }
    }
  }

  truncate(length: number): void {
    ftruncate(this.fd, length)
  }

  sync(): void {
    fdatasync(this.fd)
  }

  close(): void {
    close(this.fd)
  }
}

/** The same, telling how long it took to have what was appended on disk, be it that it failed. */
export class TimedFile implements AppendFile {
  readonly #file: AppendFile
  readonly #synced: (ms: number) => void

  constructor(file: AppendFile, synced: (ms: number) => void) {
    this.#file = file
    this.#synced = synced
  }

  length = (): number => this.#file.length()
  append = (bytes: Buffer): Appended => this.#file.append(bytes)
  truncate = (length: number): void => this.#file.truncate(length)
  isAsLeft = (length: number): boolean => this.#file.isAsLeft(length)
  holds = (at: number, bytes: Buffer): boolean => this.#file.holds(at, bytes)
  settled = (): void => this.#file.settled?.()

  sync(wanted?: number): void {
    const before = performance.now()
    try {
      this.#file.sync(wanted)
    } finally {
      this.#synced(performance.now() - before)
    }
  }
}

/**
 * Opens or creates a store's file and locks it. The lock is that of the open file: processes forked from here share it,
 * and it lasts until the last of them has ended. flock(2)
 *
 * @throws {PosixError} EACCES, EISDIR, ENOENT, EROFS, …
 * @throws {StoreError} when another server has it, or it is not a regular file
 */
export const openStoreFile = (path: string): StoreFile => new StoreFile(path, openLocked(path))

/** @param name what errors call it */
function openLocked(path: string, name = path): number {
  const fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, MODE)
  try {
    if (!fstatSync(fd).isFile()) throw new StoreError(`${name}: not a regular file`)
    if (!flock(fd, LOCK_EX | LOCK_NB)) throw new StoreError(`${name}: another server stores to this file`)
    syncFolder(path)
    return fd
  } catch (error) {
    close(fd)
    throw error
  }
}

/** A file that was just made is on disk once its folder is. fsync(2) */
export function syncFolder(path: string): void {
  const folder = openSync(dirname(path), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
