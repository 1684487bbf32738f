/** Where the kernel and a scoreboard disagree, and what should not last. */
import { targetOf } from './read.js'
import type { ProcessView, ServerView } from './server-view.js'
import { inodeOf } from './sockets.js'

export interface Finding {
  kind:
    | 'lost'
    | 'unreaped'
    | 'zombie'
    | 'orphan'
    | 'no-socket'
    | 'leaked-pipe-end'
    | 'shared-client'
    | 'kept-client'
    | 'close-wait'
    | 'bytes-differ'
    | 'count-differs'
  pid: number
  text: string
  /** It is only one if it is still so after this time: each of them is for a moment, wherever all is well. */
  lastsMs: number
}

const A_SECOND = 1000

function ofZombie({ pid, parent }: ProcessView, supervisor: number | undefined): Finding {
  if (parent === supervisor)
    return {
      kind: 'unreaped',
      pid,
      text: `${pid} has ended, and supervisor ${parent} does not reap it`,
      lastsMs: A_SECOND,
    }
  const text = `${pid} is a zombie: it has ended, and its parent ${parent} has not waited for it`
  return { kind: 'zombie', pid, text, lastsMs: 0 }
}

/** Reset, or closed by a handler that goes on without it. */
function lacksSocket({ pid, descriptor, role, state }: ProcessView, { sockets, refused }: ServerView): boolean {
  if (descriptor === undefined || state === 'zombie' || (role !== 'connection' && role !== 'prefork')) return false
  const target = targetOf(pid, descriptor, refused)
  if (refused.has(pid)) return false
  const inode = inodeOf(target)
  return inode === undefined || (sockets.size > 0 && !sockets.has(inode))
}

export function findingsOf(view: ServerView): Finding[] {
  const { processes, missing, supervisor } = view
  const findings: Finding[] = missing.map(({ pid, role, id }) => ({
    kind: 'lost',
    pid,
    text: `the scoreboard says that ${role ?? 'a process'}${id > 0 ? ` #${id}` : ''} runs as ${pid}, and there is no such process`,
    lastsMs: A_SECOND,
  }))
  for (const process of processes) {
    const { pid, role, state, client } = process
    if (state === 'zombie') findings.push(ofZombie(process, supervisor))
    else if (role === 'orphan')
      findings.push({
        kind: 'orphan',
        pid,
        text: `${pid} is an orphan: whoever started it has ended, and the supervisor ends it within two seconds`,
        lastsMs: 0,
      })
    if (lacksSocket(process, view))
      findings.push({
        kind: 'no-socket',
        pid,
        text: `${pid} serves ${client}, whose socket is gone: the handler goes on without its client`,
        lastsMs: A_SECOND,
      })
  }
  return findings
}

/** What was found by several looks, one after another. */
export class Patience {
  #since = new Map<string, number>()
  /** Whether there is something that will be a warning if it lasts. */
  waits = false

  /** Those that have lasted. */
  ripe(findings: readonly Finding[], nowMs = performance.now()): Finding[] {
    const keys = findings.map(({ kind, pid, text }) => `${kind} ${pid} ${text}`)
    this.#since = new Map(keys.map((key) => [key, this.#since.get(key) ?? nowMs]))
    const ripe = findings.filter(({ lastsMs }, place) => {
      const since = this.#since.get(keys[place] as string) ?? nowMs
      return nowMs - since >= lastsMs
    })
    this.waits = ripe.length < findings.length
    return ripe
  }
}
