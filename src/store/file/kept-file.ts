/**
 * The file between one writer and the next: its descriptor waits in a socket pair of the supervisor's, which keeps it open and
 * locked. A writer that goes on in another file puts that in its place. unix(7), SCM_RIGHTS
 */
import { EMFILE, SOCK_CLOEXEC, SOCK_SEQPACKET } from '../../libc/constants.js'
import { close } from '../../libc/fd.js'
import { PosixError } from '../../libc/posix-error.js'
import { peekDescriptor, receiveDescriptor, sendDescriptor } from '../../libc/scm-rights.js'
import { socketpair } from '../../libc/socket.js'
import { openStoreFile, type StoreFile } from './store-file.js'

const WORD = Buffer.from('file')

export class KeptFile {
  readonly #path: string
  readonly #receiver: number
  readonly #sender: number

  /** Takes the file over: the caller's descriptor is closed. */
  constructor(file: StoreFile) {
    this.#path = file.path
    ;[this.#receiver, this.#sender] = socketpair(SOCK_SEQPACKET | SOCK_CLOEXEC)
    this.#put(file.fd)
    file.close()
  }

  get descriptors(): readonly number[] {
    return [this.#receiver, this.#sender]
  }

  /**
   * For a writer that begins.
   *
   * @param make gets the descriptor, and what is to be told of another one
   * @throws {PosixError} EMFILE
   * @throws {StoreError} when a writer died while it put another in its place, and somebody else has that
   */
  open<File extends StoreFile>(make: (fd: number, reopened: (fd: number) => void) => File): File {
    const reopened = (fd: number): void => this.#put(fd)
    const kept = peekDescriptor(this.#receiver, WORD.length)
    if (kept === undefined) {
      const { fd } = openStoreFile(this.#path)
      this.#put(fd)
      return make(fd, reopened)
    }
    if (kept.descriptor === undefined) throw new PosixError(EMFILE, 'recvmsg', { path: this.#path })
    return make(kept.descriptor, reopened)
  }

  close(): void {
    // the supervisor keeps it to its end
  }

  #put(fd: number): void {
    for (let old = receiveDescriptor(this.#receiver, WORD.length); old !== undefined; )
      if (old.descriptor !== undefined) {
        close(old.descriptor)
        old = receiveDescriptor(this.#receiver, WORD.length)
      } else old = undefined
    if (!sendDescriptor(this.#sender, WORD, fd)) throw new Error('nobody else sends here')
  }
}
