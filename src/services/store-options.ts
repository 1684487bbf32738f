/** The options of the store, in a table as those of the server. */
import { checkEach } from '../server/options/check.js'
import { byteCount, DAY_MS, duration, wholeNumber } from '../server/options/numbers.js'
import type { CheckedOf, NameOf, OptionTable } from '../server/options/option.js'
import type { OptionType } from '../server/options/option-type.js'
import { choice, text } from '../server/options/words.js'
import { DURABILITIES, type Durability } from '../store/durability.js'
import { either, parseSink, SINKS, type SinkAddress } from '../store/sinks/parse.js'

const MOST_BYTES = 16 * 1024 * 1024
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

export interface StoreOptions {
  /** `FILE` for records in NDJSON, `text:FILE` for bare lines. Made if need be, for its owner and group only. */
  to: string
  /**
   * The longest line, without its newline, in bytes.
   * @default 65536
   */
  maxMessageBytes?: number | undefined
  /**
   * When a sender is told: once its message is on `disk`, for which fdatasync(2) is called, or once the `os` has it, which outlives every
   * process, but not the power. `replicated`, of a `nats:` sink: once the stream has answered that it has it.
   * @default 'disk'
   */
  durability?: Durability | undefined
  /**
   * How long a line may take from its first byte to its newline, in milliseconds; 0 for ever.
   * @default 0
   */
  messageTimeoutMs?: number | undefined
  /** The file in which messages wait for a stream: of a `nats:` sink. By default the stream's name with `.spool`, here. */
  spool?: string | undefined
  /**
   * The most that the spool's files have together, in bytes. There is no room when it is reached.
   * @default 1073741824
   */
  spoolBytes?: number | undefined
  /** The most messages that are synced together, if not all that have come; those of one packet always are. For measurements. */
  maxBatchMessages?: number | undefined
}

export const storeOptions = {
  to: {
    type: sink,
    required: true,
    flag: '--to <sink>',
    help: 'messages.ndjson for records, text:FILE for bare lines',
  },
  maxMessageBytes: {
    type: byteCount(1, MOST_BYTES),
    default: 64 * 1024,
    flag: '--max-message <bytes>',
    help: 'the longest line, like 4096, 64k or 1m',
  },
  durability: {
    type: choice(DURABILITIES),
    default: 'disk',
    flag: '--durability <what>',
    help: 'answer once it is on disk, or once the os has it, which outlives no power cut; replicated: once a stream has it',
  },
  messageTimeoutMs: {
    type: duration(0, DAY_MS),
    default: 0,
    flag: '--message-timeout <time>',
    help: 'for a line to come whole; 0 for ever',
  },
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
  maxBatchMessages: { type: wholeNumber(1) },
} as const satisfies OptionTable

/** @throws {TypeError} {RangeError} bad options */
export function checkStoreOptions(
  options: StoreOptions,
  nameOf: NameOf = (option) => option,
): CheckedOf<typeof storeOptions> {
  const checked = checkEach(storeOptions, options, nameOf)
  const { to, durability, spool } = checked
  if (!to.kind.spools) {
    const only = (option: keyof StoreOptions): TypeError =>
      new TypeError(`${nameOf(option)}: only with ${nameOf('to')} nats://…, which has servers and a spool`)
    if (durability === 'replicated') throw only('durability')
    if (spool !== undefined) throw only('spool')
  }
  return checked
}
