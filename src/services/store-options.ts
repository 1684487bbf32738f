/** The options of the store, in a table as those of the server. */
import type { Connection } from '../server/connection/contract.js'
import { checkEach } from '../server/options/check.js'
import { byteCount, DAY_MS, duration, wholeNumber } from '../server/options/numbers.js'
import type { CheckedOf, NameOf, OptionTable } from '../server/options/option.js'
import type { OptionType } from '../server/options/option-type.js'
import { callback, choice, text, yesOrNo } from '../server/options/words.js'
import { ACKS, type Ack } from '../store/ack.js'
import { DURABILITIES, type Durability } from '../store/durability.js'
import { type Framing, MOST_MESSAGE_BYTES } from '../store/framing/framing.js'
import { line } from '../store/framing/line.js'
import { octetCount } from '../store/framing/octet-count.js'
import { FRAMINGS, parseFraming } from '../store/framing/parse-framing.js'
import type { Refusal } from '../store/hooks.js'
import { either, parseSink, SINKS, type SinkAddress } from '../store/sinks/parse.js'
import { WHEN_FULL, type WhenFull } from '../store/when-full.js'
import { checkSegments, segmentOptions } from './segment-options.js'

const LEAST_SPOOL_BYTES = 1024 * 1024

const sink: OptionType<string, SinkAddress> = {
  words: either(SINKS.map((form) => `\`${form}\``)),
  check: parseSink,
  read(name, text) {
    parseSink(name, text)
    return text
  },
  show: String,
}

const framing: OptionType<string, Framing> = {
  words: FRAMINGS.map((form) => `\`${form}\``).join(', '),
  check: parseFraming,
  read(name, text) {
    parseFraming(name, text)
    return text
  },
  show: String,
}

/** How durable the messages of a connection are to be. */
export type DurabilityOf = (connection: Connection) => Durability
export type AcceptMessage = (message: Buffer, connection: Connection) => Uint8Array | string | Refusal
export type TransformMessage = (message: Buffer, connection: Connection) => Uint8Array
export type FieldsOfMessage = (message: Buffer, connection: Connection) => object | undefined

const named = choice(DURABILITIES)

const durability: OptionType<Durability | DurabilityOf> = {
  ...named,
  check: (name, value) => (typeof value === 'function' ? (value as DurabilityOf) : named.check(name, value)),
  show: (value) => (typeof value === 'function' ? value.name : value),
}

export interface StoreOptions {
  /** `FILE` for records in NDJSON, `text:FILE` for bare lines, `sqlite:FILE` for a table, `nats://HOST:PORT/STREAM` for a stream, `tls://HOST:PORT/STREAM` with encryption. Made if need be, files for their owner and group only. */
  to: string
  /**
   * The longest line, without its newline, in bytes.
   * @default 65536
   */
  maxMessageBytes?: number | undefined
  /**
   * When a sender is told: once its message is on `disk`, for which fdatasync(2) is called; once the `os` has it, which outlives every
   * process, but not the power; or once the writer has it in `memory`, which outlives whoever has sent it, but not the writer. In a program
   * also a function that says it of a connection when it begins. `replicated`, of a `nats:` sink: once the stream has answered that it has it;
   * of some connections only where the function says it of them.
   * @default 'disk'
   */
  durability?: Durability | DurabilityOf | undefined
  /**
   * What goes back for a message that is stored: the `echo` of it; a line `SEQ DURABILITY TIME`, its `sequence`; or `none`. One that is not
   * stored is answered all the same. When not given, `none` with `syslog`, else `echo`.
   */
  ack?: Ack | undefined
  /**
   * What is done with messages for which there is no room on the disk, or that cannot be stored for another reason: `reject` answers with an
   * error line; with `wait` nobody is answered until they can be stored, and clients are not read from.
   * @default 'reject'
   */
  whenFull?: WhenFull | undefined
  /**
   * Says of each message what is stored in its place, bytes or a text, or `refuse('reason')`: then nothing is, and its sender is answered
   * `error: reason`. It must not wait. When it throws, the answer is `error: not stored: accept failed`, and the log says why. So it is
   * with `transform` and `fields`.
   */
  accept?: AcceptMessage | undefined
  /** Makes of the bytes of an accepted message those that are stored. */
  transform?: TransformMessage | undefined
  /** An object that is kept in the record of an accepted message, as JSON of at most 32 KiB, or undefined. Not in a `text:` file. */
  fields?: FieldsOfMessage | undefined
  /**
   * How long a line may take from its first byte to its newline, in milliseconds; 0 for ever.
   * @default 0
   */
  messageTimeoutMs?: number | undefined
  /**
   * Closes the file once it has so many bytes, and begins the next one in its place: the closed one is called
   * `messages.ndjson.000000000001-20260131T120000.123Z`, by its first record's number and time. Not of `text:` files.
   */
  rotateBytes?: number | undefined
  /** Closes the file once its first record is so old, in milliseconds, with the next message or within a minute. */
  rotateAgeMs?: number | undefined
  /** Removes closed files, the oldest first, when they have more bytes than so many. */
  keepBytes?: number | undefined
  /** Removes closed files whose last record is older, in milliseconds. */
  keepAgeMs?: number | undefined
  /** Keeps so many closed files. */
  keepCount?: number | undefined
  /** The file in which messages wait for a stream: of a `nats:` sink. By default the stream's name with `.spool`, here. */
  spool?: string | undefined
  /**
   * The most that the spool's files have together, in bytes. There is no room when it is reached.
   * @default 1073741824
   */
  spoolBytes?: number | undefined
  /**
   * How a client tells where a message ends. `length`: 4 bytes before it, big-endian. `octet-count`: that of syslog, RFC 6587. `raw`: each read is
   * one. `delimiter:nul`, `delimiter:crlf`, `delimiter:%1E`: after such bytes. Answers go back in the same. When not given, `octet-count` with
   * `syslog`, else `line`.
   */
  framing?: string | undefined
  /**
   * Messages are those of syslog, RFC 5424: what they say is kept in `fields.syslog`, or in `fields.syslogError` why one is none. Not in a
   * `text:` file.
   * @default false
   */
  syslog?: boolean | undefined
  /** The most messages that are synced together, if not all that have come; those of one packet always are. For measurements. */
  maxBatchMessages?: number | undefined
}

export const storeOptions = {
  to: {
    type: sink,
    required: true,
    flag: '--to <sink>',
    help: 'messages.ndjson for records, text:FILE for bare lines, sqlite:FILE for a table, nats://HOST:PORT/STREAM for a stream, tls:// with encryption',
  },
  maxMessageBytes: {
    type: byteCount(1, MOST_MESSAGE_BYTES),
    default: 64 * 1024,
    flag: '--max-message <bytes>',
    help: 'the longest line, like 4096, 64k or 1m',
  },
  durability: {
    type: durability,
    default: 'disk',
    flag: '--durability <what>',
    help: 'answer once it is on disk, once the os has it, or in memory of the writer; replicated: once a stream has it',
  },
  ack: {
    type: choice(ACKS),
    flag: '--ack <what>',
    help: 'answer with the echo, with sequence number, durability and time, or with errors only; echo, but none with --syslog',
  },
  whenFull: {
    type: choice(WHEN_FULL),
    default: 'reject',
    flag: '--when-full <what>',
    help: 'answer that there is no room, or let clients wait for it',
  },
  accept: { type: callback<AcceptMessage>() },
  transform: { type: callback<TransformMessage>() },
  fields: { type: callback<FieldsOfMessage>() },
  messageTimeoutMs: {
    type: duration(0, DAY_MS),
    default: 0,
    flag: '--message-timeout <time>',
    help: 'for a line to come whole; 0 for ever',
  },
  ...segmentOptions,
  spool: {
    type: text(),
    flag: '--spool <file>',
    help: 'where messages wait for a stream; else the name of the stream with .spool',
  },
  spoolBytes: {
    type: byteCount(LEAST_SPOOL_BYTES),
    default: 1024 ** 3,
    flag: '--spool-size <bytes>',
    help: 'the most that waits there, like 512m or 8g',
  },
  framing: {
    type: framing,
    flag: '--framing <how>',
    help: `where a message ends: ${FRAMINGS.join(', ')}; line, but octet-count with --syslog`,
  },
  syslog: { type: yesOrNo(), default: false, flag: '--syslog', help: 'keep what messages of syslog say as fields' },
  maxBatchMessages: { type: wholeNumber(1) },
} as const satisfies OptionTable

/** @throws {TypeError} another word */
export const checkDurability = (name: string, value: unknown): Durability => named.check(name, value)

export type CheckedStoreOptions = CheckedOf<typeof storeOptions> & { framing: Framing; ack: Ack }

/** @throws {TypeError} {RangeError} bad options */
export function checkStoreOptions(options: StoreOptions, nameOf: NameOf = (option) => option): CheckedStoreOptions {
  const checked = checkEach(storeOptions, options, nameOf)
  checkSpool(checked, nameOf)
  checkSegments(checked, nameOf)
  const { syslog, framing = syslog ? octetCount : line, ack = syslog ? 'none' : 'echo' } = checked
  return { ...checked, framing, ack }
}

/** @throws {TypeError} what only a sink with a spool has */
function checkSpool({ to, durability, spool }: CheckedOf<typeof storeOptions>, nameOf: NameOf): void {
  if (to.kind.spools) return
  const only = (option: keyof StoreOptions): TypeError =>
    new TypeError(`${nameOf(option)}: only with ${nameOf('to')} nats://…, which has servers and a spool`)
  if (durability === 'replicated') throw only('durability')
  if (spool !== undefined) throw only('spool')
}
