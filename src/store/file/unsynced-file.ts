/** A file of which nobody waits until it is on disk: the kernel writes it back when it likes. */
import type { Appended, AppendFile } from './store-file.js'

export class UnsyncedFile implements AppendFile {
  readonly #file: AppendFile

  constructor(file: AppendFile) {
    this.#file = file
  }

  length = (): number => this.#file.length()
  append = (bytes: Buffer): Appended => this.#file.append(bytes)
  truncate = (length: number): void => this.#file.truncate(length)
  isAsLeft = (length: number): boolean => this.#file.isAsLeft(length)
  holds = (at: number, bytes: Buffer): boolean => this.#file.holds(at, bytes)
  sync = (): void => {}
  settled = (): void => this.#file.settled?.()
}
