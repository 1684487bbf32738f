/** What is given as the path of a file is read, and read again once the file is another. */
import { readFileSync, statSync } from 'node:fs'
import type { Pem } from './options.js'

export class PemFiles {
  /** What each file was like when it was read. */
  readonly #read = new Map<string, string>()

  /** @throws {TypeError} naming `name` when it cannot be read */
  load(name: string, pem: Pem): string | Uint8Array {
    if (typeof pem !== 'string' || pem.includes('-----BEGIN')) return pem
    try {
      this.#read.set(pem, stampOf(pem))
      return readFileSync(pem)
    } catch (error) {
      throw new TypeError(`${name}: ${(error as Error).message}`)
    }
  }

  /** Reports whether a file is not what was read; once, until it changes again. */
  changed(): boolean {
    let changed = false
    for (const [path, stamp] of this.#read) {
      const now = stampOf(path)
      if (now === stamp) continue
      this.#read.set(path, now)
      changed = true
    }
    return changed
  }
}

function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat === undefined ? 'gone' : `${stat.ino} ${stat.size} ${stat.mtimeMs} ${stat.ctimeMs}`
}
