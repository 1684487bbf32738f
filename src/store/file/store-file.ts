/** The file of a store: opened once, locked as long as any process of the server has it, appended to, cut. */
import { closeSync, fstatSync, fsyncSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { LOCK_EX, LOCK_NB, O_APPEND, O_CLOEXEC, O_CREAT, O_RDWR } from '../../libc/constants.js'
import { close, fdatasync, flock, ftruncate, open, write } from '../../libc/fd.js'
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
  /** @throws {PosixError} EIO, ENOSPC, … what was appended since the last call may be lost, and must not be synced again */
  sync(): void
}

export class StoreFile implements AppendFile {
  constructor(
    readonly path: string,
    readonly fd: number,
  ) {}

  length(): number {
    return fstatSync(this.fd).size
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

  sync(): void {
    const before = performance.now()
    try {
      this.#file.sync()
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
export function openStoreFile(path: string): StoreFile {
  const fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, MODE)
  try {
    if (!fstatSync(fd).isFile()) throw new StoreError(`${path}: not a regular file`)
    if (!flock(fd, LOCK_EX | LOCK_NB)) throw new StoreError(`${path}: another server stores to this file`)
    syncFolder(path)
    return new StoreFile(path, fd)
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
