/** Memory that a process shares with some of what it forks, and not with the rest. memfd_create(2) */
import { MAP_SHARED, PROT_READ, PROT_WRITE } from './constants.js'
import { close, ftruncate, pwrite } from './fd.js'
import { memoryAt } from './ffi.js'
import { memfd_create, mmap, sharedMemory } from './memory.js'
import { PosixError } from './posix-error.js'

export class PrivateMemory {
  /** Whoever has it can map the memory; whoever is not to, has to close it. -1 where there are no memory files. */
  readonly descriptor: number
  readonly #bytes: number
  /** Where there are none (filters of old containers, limits of a file's size), all that is forked shares it. */
  readonly #shared: Buffer | undefined

  constructor(name: string, bytes: number) {
    this.#bytes = bytes
    const descriptor = sized(name, bytes)
    this.descriptor = descriptor ?? -1
    if (descriptor === undefined) this.#shared = sharedMemory(bytes)
  }

  /** The memory, zeroed at first; for a process that may have it. */
  map(): Buffer {
    if (this.#shared !== undefined) return this.#shared
    return memoryAt(mmap(this.#bytes, PROT_READ | PROT_WRITE, MAP_SHARED, this.descriptor), this.#bytes)
  }

  /** Writes without having it, so that what is forked does not get it. pwrite(2) */
  write(at: number, bytes: Buffer): void {
    if (this.#shared !== undefined) bytes.copy(this.#shared, at)
    else pwrite(this.descriptor, bytes, bytes.length, at)
  }
}

function sized(name: string, bytes: number): number | undefined {
  let descriptor: number | undefined
  try {
    descriptor = memfd_create(name)
    ftruncate(descriptor, bytes)
    return descriptor
  } catch (error) {
    if (!(error instanceof PosixError)) throw error
    if (descriptor !== undefined) close(descriptor)
    return undefined
  }
}
