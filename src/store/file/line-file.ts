/** A store's file for whoever writes to it: knows how its lines are laid out, so that it can be put in order. */
import type { Format } from './format.js'
import { type Left, type Resumed, resume } from './resume.js'
import { StoreFile } from './store-file.js'

export class LineFile extends StoreFile {
  readonly #format: Format

  /** @param reopened told of a new file at the path, before it is used */
  constructor(path: string, fd: number, format: Format, reopened?: (fd: number) => void) {
    super(path, fd, reopened)
    this.#format = format
  }

  resume(left: Left | undefined): Resumed {
    return resume(this, this.#format, left)
  }
}
