/** Every descriptor of a tree, and who else holds the same thing. */
import { compareFiles } from '../libc/kcmp.js'
import { printable } from '../libc/printable.js'
import { type Flags, infoOf, inWords, parseFlags, type Words } from './descriptor.js'
import { descriptorNumbersOf, targetOf } from './read.js'
import type { ServerView } from './server-view.js'

export interface Entry extends Flags {
  fd: number
  kind: Words['kind']
  /** Escaped. */
  what: string
  /** As /proc has it, escaped: `socket:[123]` */
  target: string
  /** Other processes of the tree that hold the same open file, or the same end of a pipe. */
  alsoHeldBy: number[]
  /** Of a pipe: who may write to what this reads, or read what this writes. */
  otherEndHeldBy: number[] | undefined
}

/** By process. */
export type Ledger = ReadonlyMap<number, Entry[]>

interface Held {
  pid: number
  entry: Entry
}

/** A name for what is the same wherever it is held; undefined where only kcmp(2) tells. */
function nameOf({ kind, target, access }: Entry): string | undefined {
  if (kind === 'tcp' || kind === 'unix' || kind === 'socket') return target
  return kind === 'pipe' ? `${access} ${target}` : undefined
}

const tell = (group: readonly Held[]): void => {
  const pids = [...new Set(group.map(({ pid }) => pid))]
  for (const { pid, entry } of group) entry.alsoHeldBy = pids.filter((other) => other !== pid)
}

/** Of many that have the same target, those that are one open file: kcmp(2) puts them in an order. */
function tellSameFiles(alike: readonly Held[]): void {
  const compare = (one: Held, other: Held): number => {
    const order = compareFiles(one.pid, one.entry.fd, other.pid, other.entry.fd)
    return order === 1 ? -1 : order === 2 ? 1 : order
  }
  let group: Held[] = []
  for (const held of [...alike].sort(compare)) {
    const last = group.at(-1)
    if (last !== undefined && compare(last, held) !== 0) {
      tell(group)
      group = []
    }
    group.push(held)
  }
  tell(group)
}

/** @param name of one end, as `nameOf` gives it */
const otherEndOf = (name: string): string | undefined =>
  name.startsWith('read pipe:')
    ? name.replace('read', 'write')
    : name.startsWith('write pipe:')
      ? name.replace('write', 'read')
      : undefined

function entriesOf(pid: number, { sockets, refused }: ServerView): Entry[] {
  return descriptorNumbersOf(pid, refused).flatMap((fd) => {
    const target = targetOf(pid, fd, refused)
    const info = infoOf(pid, fd, refused)
    if (target === undefined || info === undefined) return []
    const { kind, what } = inWords(pid, fd, target, info, sockets)
    return [
      {
        fd,
        kind,
        what: printable(what),
        target: printable(target),
        ...parseFlags(info),
        alsoHeldBy: [],
        otherEndHeldBy: undefined,
      },
    ]
  })
}

export function ledgerOf(view: ServerView): Ledger {
  const ledger = new Map(
    view.processes.filter(({ state }) => state !== 'zombie').map(({ pid }) => [pid, entriesOf(pid, view)]),
  )
  const all: Held[] = [...ledger].flatMap(([pid, entries]) => entries.map((entry) => ({ pid, entry })))
  const groups = new Map<string, Held[]>()
  for (const held of all) {
    const name = nameOf(held.entry) ?? `? ${held.entry.target}`
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [held])
    else group.push(held)
  }
  for (const [name, group] of groups) {
    const other = otherEndOf(name)
    if (other !== undefined) {
      const pids = [...new Set(groups.get(other)?.map(({ pid }) => pid))]
      for (const { entry } of group) entry.otherEndHeldBy = pids
    }
    if (group.length === 1) continue
    if (name.startsWith('? ')) tellSameFiles(group)
    else tell(group)
  }
  return ledger
}
