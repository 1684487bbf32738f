/** What becomes of a connection's process: it ends once the handler has finished and the connection is closed. */
import { complain } from '../../../engine/output/complain.js'
import { describe } from '../../../engine/output/words.js'
import { formatAddress } from '../../../libc/address.js'
import { EXIT } from '../../../supervisor/exit-status.js'
import type { Finished } from '../../connection/adapt.js'
import type { Accepted } from '../../connection/contract.js'
import type { Ending } from '../ending.js'

export class Service {
  // fields that are initialised here would be a function of their own, which is compiled for itself
  /** Nothing is left to do. */
  declare over: boolean
  declare status: number
  /** Kept with all its parts by whoever keeps this: optimised code goes when the last object goes that it was made for. */
  declare connection: unknown
  /** Once the process runs Node's loop. */
  declare ending: Ending | undefined
  /** Another once a proxy has named its client. */
  declare accepted: Accepted
  declare private returned: boolean
  declare private isClosed: boolean

  /** @param finished there is no function that would have to return */
  constructor(accepted: Accepted, finished: boolean) {
    this.over = false
    this.status = EXIT.ok
    this.connection = undefined
    this.ending = undefined
    this.accepted = accepted
    this.returned = finished
    this.isClosed = false
  }

  get name(): string {
    return `connection ${formatAddress(this.accepted.peer)}`
  }

  /** The handler's function has returned or thrown. */
  finished(how: Finished): void {
    this.returned = true
    if (how.ok) this.endIfDone()
    else this.failed(how.error)
  }

  /** The descriptor is closed. */
  closed(): void {
    this.isClosed = true
    // whoever awaits the connection hears of it first
    if (this.ending !== undefined) setImmediate(() => this.endIfDone())
    else this.endIfDone()
  }

  private failed(error: unknown): void {
    complain(`tined: ${this.name}: ${describe(error)}`)
    this.status = EXIT.failed
    this.isClosed = true
    this.endIfDone()
  }

  private endIfDone(): void {
    if (!this.returned || !this.isClosed) return
    this.over = true
    this.ending?.begin(this.status)
  }
}
