/** Tells when a file may have changed: by inotify(7) where there is any, and by the clock, for file systems that do not tell. */
import { type FSWatcher, watch } from 'node:fs'
import { basename, dirname } from 'node:path'

/** File systems that do not tell of changes are asked this often. */
const ASK_MS = 500

export interface Changes {
  /** Fulfilled once something may have changed; tells whether to go on. */
  next(): Promise<boolean>
  close(): void
}

export class FileChanges {
  #watcher: FSWatcher | undefined
  readonly #timer: NodeJS.Timeout

  /** @param changed called at least every half second; what it throws is thrown to the program */
  constructor(path: string, changed: () => void) {
    this.#timer = setInterval(changed, ASK_MS)
    const name = basename(path)
    try {
      // the folder: another file may get the name
      this.#watcher = watch(dirname(path), (_event, file) => {
        if (file === null || file.startsWith(name)) changed()
      })
      this.#watcher.on('error', () => this.#watcher?.close())
    } catch {
      // no inotify left: asking will do
    }
  }

  close(): void {
    clearInterval(this.#timer)
    this.#watcher?.close()
  }
}

/** @param signal ends the waiting */
export function waitForChanges(path: string, signal: AbortSignal | undefined): Changes {
  let ring = (): void => undefined
  let rung = false
  const wake = (): void => {
    rung = true
    ring()
  }
  const changes = new FileChanges(path, wake)
  signal?.addEventListener('abort', wake)
  return {
    async next() {
      if (!rung && signal?.aborted !== true)
        await new Promise<void>((resolve) => {
          ring = resolve
        })
      rung = false
      return signal?.aborted !== true
    },
    close() {
      changes.close()
      signal?.removeEventListener('abort', wake)
    },
  }
}
