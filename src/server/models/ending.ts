/** How a process ends that has served its connections in Node's loop: what is to be flushed is, for a limited time. */
import { exit, whenLoopIsEmpty } from '../../engine/ending.js'
import { complain } from '../../engine/output/complain.js'
import { describe } from '../../engine/output/words.js'
import { stoppedTimers } from '../../fork/let-go.js'
import { EXIT } from '../../supervisor/exit-status.js'
import { awaitHook, ENDING_MS, type EndingHook } from '../ending-hook.js'
import { afterLeaving } from '../tls/leaving.js'
import { afterFileRequests } from './file-requests.js'

/** Between looks at what the listeners of `beforeExit` have begun. */
const LOOK_AGAIN_MS = 2

export class Ending {
  /** As in `connection 127.0.0.1:51234`. */
  name: string
  readonly #onEnd: EndingHook | undefined
  #begun = false
  /** The listeners of `beforeExit` were told. */
  #told = false
  #stopWaiting: () => void = () => {}

  /**
   * @param name `connection 127.0.0.1:51234`
   * @param onEnd the program's own hook
   */
  constructor(name: string, onEnd: EndingHook | undefined) {
    this.name = name
    this.#onEnd = onEnd
    whenLoopIsEmpty((tell) => this.#emptied(tell))
  }

  complain(text: string): void {
    complain(`tined: ${this.name}: ${text}`)
  }

  /** Ends the process, with the status or, when that is 0, with `process.exitCode`. Only the first call counts. */
  begin(status: number): void {
    if (this.#begun) return
    this.#begun = true
    const waits = this.#onEnd !== undefined || (!this.#told && process.listenerCount('beforeExit') > 0)
    if (waits) void this.#flush(status)
    else this.#exit(status)
  }

  /** Once what the handler has written to files is there, and the last record of TLS has left. */
  #exit(status: number): void {
    const end = (): never => exit(status === EXIT.ok ? Number(process.exitCode ?? EXIT.ok) : status)
    afterLeaving(() => afterFileRequests(end))
  }

  async #flush(status: number): Promise<void> {
    // unreferenced: when nothing else is left to wait for, nothing will come
    const limit = new Promise<void>((resolve) => {
      this.#stopWaiting = resolve
      setTimeout(resolve, ENDING_MS).unref()
    })
    const well = this.#onEnd === undefined || (await awaitHook(this.#onEnd, limit, this.name))
    try {
      if (!this.#told) await this.#tellListeners(status, limit)
    } catch (error) {
      this.complain(describe(error))
      this.#exit(EXIT.failed)
      return
    }
    this.#exit(status === EXIT.ok && !well ? EXIT.failed : status)
  }

  /** What they return is waited for, and what they open; what was open before may stay so. */
  async #tellListeners(status: number, limit: Promise<void>): Promise<void> {
    this.#told = true
    let late = false
    void limit.then(() => {
      late = true
    })
    const before = openResources()
    const code = Number(process.exitCode ?? status)
    const begun = process.rawListeners('beforeExit').map((listener) => Reflect.apply(listener, process, [code]))
    await Promise.race([Promise.all(begun), limit])
    while (!late && opened(before, openResources())) {
      await Promise.race([new Promise((resolve) => void setTimeout(resolve, LOOK_AGAIN_MS).unref()), limit])
    }
  }

  #emptied(tell: () => void): void {
    if (this.#begun) this.#stopWaiting()
    else if (!this.#told) {
      this.#told = true
      tell()
      // they may have begun something that lets the handler go on; if not, the loop is empty again after this
      setImmediate(() => {})
    } else {
      this.complain(`nothing is left to wait for, and the handler has not finished${stoppedInWords()}`)
      this.begin(EXIT.unfinished)
    }
  }
}

/** A client of a database that was to connect again after a while never does here. */
function stoppedInWords(): string {
  const count = stoppedTimers()
  if (count === 0) return ''
  const timers = count === 1 ? 'a timer' : `${count} timers`
  return `; ${timers} that ran when serve() was called stayed with the launcher: what waits for one never goes on here`
}

/** What keeps the loop going, counted by kind. */
function openResources(): Map<string, number> {
  const counts = new Map<string, number>()
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return counts
}

const opened = (before: Map<string, number>, now: Map<string, number>): boolean =>
  [...now].some(([kind, count]) => count > (before.get(kind) ?? 0))
