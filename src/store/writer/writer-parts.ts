/** What a writer is made of, and whom it tells. */
import type { PosixError } from '../../libc/posix-error.js'
import type { Channels } from '../channels.js'
import type { Durability } from '../durability.js'
import type { Known } from '../family.js'
import type { Format } from '../file/format.js'
import type { Left } from '../file/resume.js'
import type { AppendFile } from '../file/store-file.js'
import type { WhenFull } from '../when-full.js'
import type { Owed } from './batch.js'
import type { Committed } from './commit.js'
import type { Journal, Untold } from './journal.js'

export interface WriterParts {
  channels: Channels
  file: AppendFile
  format: Format
  journal: Journal
  /** Names this run of the server in records. */
  run: string
  /** The file as it is. */
  left: Left
  /** What `journal.takeOver` gave. */
  untold: Map<number, Untold>
  /** The most messages of a batch, those of one packet aside. */
  maxBatchMessages: number
  /** When senders are told that do not say when. @default 'disk' */
  durability?: Durability
  /** What is done with messages for which there is no room. @default 'reject' */
  whenFull?: WhenFull
  /** What the writer before this one owed, in the same process. */
  owed?: readonly Owed[]
  /** The longest message: whoever sends a longer one is sent away. */
  maxMessageBytes: number
  /** Whom a process serves, as the supervisor has told. */
  who(pid: number): Known | undefined
  /** Whether a process exists. @default asks the kernel */
  alive?: (pid: number) => boolean
  /** Why nothing can be stored: all that comes is refused, and nothing touched. */
  refusal?: PosixError | undefined
  /** Acts between batches, and now and then when there are none: returns where to go on. */
  tend?: (left: Left) => Left
  /**
   * Told what became of each batch.
   *
   * @param lost messages that are not stored although their senders were told that they are in memory
   */
  outcome?: (committed: Committed, lost: number) => void
  /** Told when no descriptor is left for further senders, who wait then, and when there is again. */
  starved?: (starving: boolean) => void
  /** Told of a process that is sent away, and why. */
  dismissed?: (pid: number, reason: string) => void
}
