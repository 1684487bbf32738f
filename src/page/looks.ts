/** What the web server asks for: of this process, or of one that may read more. */
import { detailsOf } from './details.js'
import { type LastMessages, lastMessages } from './last-messages.js'
import type { ProcessDetails, Snapshot } from './shapes.js'
import type { Watcher } from './watcher.js'

type Soon<Value> = Value | Promise<Value>

export interface Looks {
  snapshot(): Soon<Snapshot>
  /** Of a process; undefined when no tree has it. */
  details(pid: number): Soon<ProcessDetails | undefined>
  /** Of the store that a process belongs to; undefined when there is none that may be read. */
  messages(pid: number): Soon<LastMessages | undefined>
}

export function looksOf(watcher: Watcher): Looks & { snapshot(): Snapshot } {
  const viewWith = (pid: number): ReturnType<Watcher['viewWith']> => {
    watcher.snapshot()
    return watcher.viewWith(pid)
  }
  return {
    snapshot: () => watcher.snapshot(),
    details(pid) {
      const view = viewWith(pid)
      return view && detailsOf(view, pid)
    },
    messages(pid) {
      const view = viewWith(pid)
      return view && lastMessages(view)
    },
  }
}
