/** What becomes of a connection's process: it ends once the handler has finished and the connection is closed. */
import { complain } from '../../../engine/output/complain.js'
import { describe } from '../../../engine/output/words.js'
import { formatAddress } from '../../../libc/address.js'
import { EXIT } from '../../../supervisor/exit-status.js'
import type { Finished } from '../../connection/adapt.js'
import type { Accepted } from '../../connection/contract.js'
import type { Ending } from '../ending.js'

export class Service {
  /** Nothing is left to do. */
  over = false
  status: number = EXIT.ok
  /** Kept with all its parts by whoever keeps this: optimised code goes when the last object goes that it was made for. */
  connection: unknown
  /** Once the process runs Node's loop. */
  ending: Ending | undefined
  readonly #accepted: Accepted
  #finished: boolean
  #closed = false

  /** @param finished there is no function that would have to return */
  constructor(accepted: Accepted, finished: boolean) {
    this.#accepted = accepted
    this.#finished = finished
  }

  get name(): string {
    return `connection ${formatAddress(this.#accepted.peer)}`
  }

  /** The handler's function has returned or thrown. */
  finished(how: Finished): void {
    this.#finished = true
    if (how.ok) this.endIfDone()
    else this.failed(how.error)
  }

  /** The descriptor is closed. */
  closed(): void {
    this.#closed = true
    // whoever awaits the connection hears of it first
    if (this.ending !== undefined) setImmediate(() => this.endIfDone())
    else this.endIfDone()
  }

  private failed(error: unknown): void {
    complain(`tined: ${this.name}: ${describe(error)}`)
    this.status = EXIT.failed
    this.#closed = true
    this.endIfDone()
  }

  private endIfDone(): void {
    if (!this.#finished || !this.#closed) return
    this.over = true
    this.ending?.begin(this.status)
  }
}
