/** `openStore`: a store to which any handler appends. */
import { getpid } from '../libc/process.js'
import { attach } from '../server/attachments.js'
import { Appender, type Stored } from '../store/appending/appender.js'
import type { MessageOptions } from '../store/appending/message-outbox.js'
import type { Durability } from '../store/durability.js'
import { encodeFields } from '../store/fields.js'
import { type OpenedStore, openSink } from '../store/opened-store.js'
import type { Child, Family } from '../supervisor/children.js'
import type { Prepared } from '../supervisor/supervised.js'
import { usualDurability } from './sessions.js'
import { checkDurability, checkStoreOptions, type StoreOptions } from './store-options.js'

/** As those of `store`, without what is only for clients that send lines. */
export type OpenStoreOptions = Pick<
  StoreOptions,
  | 'to'
  | 'maxMessageBytes'
  | 'maxBatchMessages'
  | 'whenFull'
  | 'rotateBytes'
  | 'rotateAgeMs'
  | 'keepBytes'
  | 'keepAgeMs'
  | 'keepCount'
  | 'spool'
  | 'spoolBytes'
> & {
  /** As that of `store`. @default 'disk' */
  durability?: Durability | undefined
}

export interface AppendOptions {
  /** Kept in the record of the message, as JSON of at most 32 KiB. Not in a `text:` file. */
  fields?: object | undefined
  /** When it is fulfilled; left out for what the option of the store says. */
  durability?: Durability | undefined
}

export interface StoreLog {
  /**
   * Stores a message: any bytes, or a text as UTF-8. Messages of a process are stored in the order of the calls. To be called in a handler that may
   * wait: an async function, or callbacks in Node's loop.
   *
   * @returns fulfilled once it is as durable as `options` say or the store's option does, and not before the messages before it
   * @throws {RangeError} a message longer than `maxMessageBytes`, fields of more than 32 KiB
   * @throws {TypeError} a newline in a message for a `text:` file, fields for one, or fields that JSON makes no object of
   * @throws {Error} not in a handler of the server that was started after `openStore`
   * @throws {PosixError} rejected with: ENOSPC, EIO, … it is not in the store
   */
  append(message: Uint8Array | string, options?: AppendOptions): Promise<Stored>
}

const NEWLINE = 0x0a

/**
 * Opens a store for the handlers of the server that `serve` starts next: its writer is a process of that server, or in model `single` the
 * process itself. The file is opened, and locked, by `serve`.
 *
 * @throws {TypeError} {RangeError} bad options
 * @example
 * ```ts
 * const log = openStore({ to: 'messages.ndjson' })
 * await serve({ port: 9190 }, async (connection) => {
 *   for await (const line of connection.lines()) {
 *     const { sequence } = await log.append(line)
 *     await connection.write(`${sequence}\n`)
 *   }
 * })
 * ```
 */
export function openStore(options: OpenStoreOptions): StoreLog {
  const checked = checkStoreOptions(options)
  const { to, maxMessageBytes, maxBatchMessages = Number.POSITIVE_INFINITY } = checked
  const durability = usualDurability(checked)
  let opened: OpenedStore | undefined
  let appender: Appender | undefined
  /** Whose that is. */
  let pid = 0
  /** Before it, connections are those of a rehearsal. */
  let writerRuns = false
  attach({
    // the writer's end of a socket
    costs: { services: 1 + (to.kind.services ?? 0), descriptors: 1 },
    prepare(hosting, log): Prepared {
      opened = openSink(to, hosting, { ...checked, durability, maxBatchMessages }, log)
      const { prepared } = opened
      writerRuns = !hosting.forks
      const family = noting(prepared.family, () => {
        writerRuns = true
      })
      return { ...prepared, family }
    },
    dispose: () => opened?.close(),
  })
  const bytesOf = (message: Uint8Array | string): Buffer => {
    if (typeof message !== 'string' && !(message instanceof Uint8Array))
      throw new TypeError(`append: expected bytes or a text, got ${String(message)}`)
    // a copy: the caller may use its own again
    const bytes = Buffer.from(message)
    if (bytes.length > maxMessageBytes)
      throw new RangeError(`append: expected at most ${maxMessageBytes} bytes, got ${bytes.length}`)
    if (to.kind.linesOnly && bytes.includes(NEWLINE))
      throw new TypeError(`append: a message with a newline is more than one line of ${to.kind.form}`)
    return bytes
  }
  const extrasOf = ({ fields, durability: wanted }: AppendOptions): MessageOptions => {
    if (wanted !== undefined) checkDurability('durability', wanted)
    if (wanted === 'replicated' && !to.kind.spools)
      throw new TypeError(`append: durability: 'replicated' only of a nats: sink, got ${to.kind.form}`)
    if (fields !== undefined && to.kind.format.keepsFields !== true)
      throw new TypeError(`append: fields: ${to.kind.form} has no room for them`)
    return {
      durability: waitsHere(wanted) ? 'disk' : wanted,
      fields: fields === undefined ? undefined : encodeFields(fields),
    }
  }
  /** Where the writer waits for the cluster with all that it has, nobody else has to. */
  const waitsHere = (wanted: Durability | undefined): boolean => wanted === 'replicated' && durability !== 'replicated'
  return {
    async append(message, options = {}) {
      const bytes = bytesOf(message)
      const extras = extrasOf(options)
      if (opened === undefined)
        throw new Error('append: only in a handler of the server that serve() starts after openStore()')
      if (!writerRuns) return { sequence: undefined, durability: options.durability ?? durability, at: undefined }
      const { makeLink, replication } = opened
      if (appender === undefined || pid !== getpid())
        appender = new Appender(makeLink, to.place, durability, replication)
      pid = getpid()
      return appender.append(bytes, extras, waitsHere(options.durability))
    },
  }
}

/** Tells when the writer is born. */
const noting = (family: Family | undefined, writerIsBorn: () => void): Family => ({
  born(child: Child) {
    if (child.role === 'writer') writerIsBorn()
    family?.born(child)
  },
  died: (pid) => family?.died(pid),
})
