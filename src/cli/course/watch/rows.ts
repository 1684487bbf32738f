/** The processes of a program as a student looks at them: who forked it, how it is, what it waits in, what it holds. */

import { FollowedTree } from '../../../observe/followed-tree.js'
import { type Entry, ledgerOf } from '../../../observe/ledger.js'
import { look } from '../../../observe/look.js'
import type { State } from '../../../observe/process.js'
import { descriptorNumbersOf, type Refused, targetOf } from '../../../observe/read.js'
import type { TableWords } from '../programs.js'
import type { Calls } from './calls.js'

export interface Row {
  pid: number
  parent: number
  state: State
  call: string
  descriptors: string
}

/** Pipes are named in the order in which they are seen. */
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'

const named = (fd: number, target: string | undefined): string => `${fd} ${target}`

function ownDescriptors(): string[] {
  const refused: Refused = new Set()
  return descriptorNumbersOf(process.pid, refused)
    .filter((fd) => fd > 2)
    .map((fd) => named(fd, targetOf(process.pid, fd, refused)))
}

export class Looks {
  readonly #pipes: string[] = []
  /** What this process was given without having asked, and gives to the program. */
  readonly #inherited = new Set(ownDescriptors())
  readonly #words: TableWords
  readonly #calls: Calls

  readonly #tree: FollowedTree

  /** @param pid of the program */
  constructor(pid: number, words: TableWords, calls: Calls) {
    this.#words = words
    this.#calls = calls
    this.#tree = new FollowedTree(() => look(pid, []))
  }

  #pipe(target: string): string {
    if (!this.#pipes.includes(target)) this.#pipes.push(target)
    return LETTERS[this.#pipes.indexOf(target) % LETTERS.length] as string
  }

  #thing({ kind, what, target, access }: Entry): string {
    const [, address] = /^(?:listening on|connection with) ([^,]+)/.exec(what) ?? []
    if (kind === 'pipe') return this.#words.pipe(this.#pipe(target), access)
    if (address !== undefined)
      return what.startsWith('listening') ? this.#words.listening(address) : this.#words.connection(address)
    if (kind === 'terminal') return this.#words.terminal
    return kind === 'unix' || kind === 'socket' ? this.#words.socket : target
  }

  /** Whether a program of C would have it, too: what Node has for itself is closed by execve. */
  #isThePrograms({ fd, target, kind, closeOnExec }: Entry): boolean {
    return fd <= 2 || !(closeOnExec || kind === 'kernel' || this.#inherited.has(named(fd, target)))
  }

  /** Neighbours that are the same are one. */
  #descriptors(entries: readonly Entry[]): string {
    const runs: { first: number; last: number; thing: string }[] = []
    for (const entry of entries) {
      if (!this.#isThePrograms(entry)) continue
      const thing = this.#thing(entry)
      const run = runs.at(-1)
      if (run?.thing === thing && run.last === entry.fd - 1) run.last = entry.fd
      else runs.push({ first: entry.fd, last: entry.fd, thing })
    }
    return runs.map(({ first, last, thing }) => `${first === last ? first : `${first}-${last}`} ${thing}`).join(', ')
  }

  /** Of the program and of all that it has forked, also once others have adopted it; none once the program has ended. */
  rows(): Row[] {
    try {
      return this.#tree.look().flatMap((view) => {
        const ledger = ledgerOf(view)
        return view.processes.map(({ pid, parent, state }) => ({
          pid,
          parent,
          state,
          call: state === 'zombie' ? '' : this.#calls.of(pid),
          descriptors: this.#descriptors(ledger.get(pid) ?? []),
        }))
      })
    } catch {
      return [] // it has ended meanwhile
    }
  }
}
