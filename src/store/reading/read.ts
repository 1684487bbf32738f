/** `read`: the messages of a store, for a program. */
import { damageIn } from '../file/reader.js'
import { StoreError } from '../file/store-error.js'
import { parseSink } from '../sinks/parse.js'
import { waitForChanges } from './changes.js'
import { CHANGES } from './log-reader.js'
import { formatOffset, parseOffset } from './offset.js'
import { contentOf, type StoredMessage } from './stored-message.js'

export interface ReadOptions {
  /** Only messages from then on, by the time of their record. Not of a `text:` file, which has none. */
  since?: Date | undefined
  /**
   * Goes on behind this record: an `offset` that was kept. Also when the file was moved since, in the file that it is now and those that
   * came after it, as long as they lie in the same folder and begin with the same name.
   */
  after?: string | undefined
  /** Waits for what comes, until `signal` is aborted or the loop is left. @default false */
  follow?: boolean | undefined
  /** Ends the loop without an error. */
  signal?: AbortSignal | undefined
  /**
   * Told, in words, of each damaged record, of numbers that are missing between two records, and that a part of what was read has been
   * cut off since; reading goes on. Without it a damaged or missing record is an error.
   */
  damaged?: ((words: string) => void) | undefined
}

/**
 * Reads the messages of a store in their order, while a server writes to it or not.
 *
 * Whoever keeps the `offset` of the last message dealt with, and begins with it after a restart, gets each message at least once. A
 * message is seen when it is written, which may be a moment before its sender is told that it is on disk; after a power cut such a one may be gone.
 *
 * @param sink `FILE` or `text:FILE`, as given to `to`
 * @throws {TypeError} a bad sink or offset; `since` for a `text:` file
 * @throws {StoreError} a record that is damaged or missing, unless `damaged` takes it
 * @throws {Error} ENOENT, EACCES, … of open(2)
 * @example
 * ```ts
 * for await (const { message, offset } of read('messages.ndjson', { after: kept, follow: true })) {
 *   await deal(message)
 *   kept = offset
 * }
 * ```
 */
export async function* read(sink: string, options: ReadOptions = {}): AsyncGenerator<StoredMessage, void, undefined> {
  const { since, after, follow = false, signal } = options
  const { kind, place: path, scheme } = parseSink('sink', sink)
  const { format } = kind
  if (since !== undefined && (!(since instanceof Date) || Number.isNaN(since.getTime())))
    throw new TypeError(`since: expected a Date that is one, got ${String(since)}`)
  if (since !== undefined && format.decode === undefined)
    throw new TypeError(`since: only of records, and a ${scheme} file has none`)
  const place = after === undefined ? undefined : parseOffset('after', after)
  const complain = (words: string): void => {
    if (options.damaged === undefined) throw new StoreError(`${path}: ${words}`)
    options.damaged(words)
  }
  const log = kind.read(path, {
    after: place,
    since,
    changed(change) {
      if (change === 'cut') options.damaged?.(CHANGES.cut)
    },
  })
  const wait = follow ? waitForChanges(path, signal) : undefined
  try {
    let before = place?.sequence ?? 0
    do {
      for (const line of log.read()) {
        if (signal?.aborted) return
        const content = contentOf(line, format)
        if (content === undefined) complain(damageIn(line))
        else {
          const { sequence = 0, at } = content
          if (before > 0 && sequence > before + 1) complain(`messages ${before + 1} to ${sequence - 1} are missing`)
          before = sequence
          if (since === undefined || (at as Date) >= since) yield { ...content, offset: formatOffset(log.place) }
        }
      }
    } while (await wait?.next())
  } finally {
    wait?.close()
    log.close()
  }
}
