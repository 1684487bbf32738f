/** What a forwarder is told, in its environment: nothing of it is for others to see. */
import type { StreamAddress } from './address.js'

/** The variable. */
export const FORWARDER = 'TINED_FORWARDER'

export interface ForwarderSetup {
  /** The path, from `/`. */
  readonly spool: string
  readonly address: StreamAddress
  /** Descriptors: of the progress, and where the supervisor listens. */
  readonly memory: number
  readonly bell: number
  readonly report: number
}
