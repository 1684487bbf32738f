/** What a ledger shows that should not be: pipe ends and sockets that somebody has forgotten to close. */
import type { Entry, Ledger } from './ledger.js'
import type { ProcessView, ServerView } from './server-view.js'
import { inodeOf, type Socket } from './sockets.js'
import type { Finding } from './warnings.js'

const LASTS_MS = 1000

interface Holder {
  process: ProcessView
  entry: Entry
}

/** Holders of each target of a kind. */
function holdersOf(ledger: Ledger, view: ServerView, wanted: (entry: Entry) => boolean): Map<string, Holder[]> {
  const found = new Map<string, Holder[]>()
  for (const process of view.processes)
    for (const entry of ledger.get(process.pid) ?? [])
      if (wanted(entry)) {
        const holders = found.get(entry.target)
        if (holders === undefined) found.set(entry.target, [{ process, entry }])
        else holders.push({ process, entry })
      }
  return found
}

const pidsOf = (holders: readonly Holder[]): number[] => [...new Set(holders.map(({ process }) => process.pid))]

/** Whose pipes with both ends are what they are for: the supervisor's outlive who reads them, workers wake each other by them. */
const TINEDS = new Set(['launcher', 'supervisor', 'worker', 'single'])

function leakedEnds(target: string, holders: readonly Holder[]): Finding[] {
  const readers = pidsOf(holders.filter(({ entry }) => entry.access !== 'write'))
  const writers = pidsOf(holders.filter(({ entry }) => entry.access !== 'read'))
  const isTineds = holders.every(({ process }) => TINEDS.has(process.role))
  if (isTineds) return []
  const inode = inodeOf(target)
  return readers
    .filter(
      (pid) =>
        writers.includes(pid) && holders.find(({ process }) => process.pid === pid)?.process.role !== 'supervisor',
    )
    .flatMap((pid): Finding[] => {
      const others = readers.filter((reader) => reader !== pid)
      if (others.length === 0) return []
      const text = `${pid} holds both ends of pipe [${inode}], which ${others.join(', ')} ${others.length === 1 ? 'reads' : 'read'} too: as long as a write end is open, no reader sees the end`
      return [{ kind: 'leaked-pipe-end', pid, text, lastsMs: LASTS_MS }]
    })
}

function keptClients(holders: readonly Holder[], client: string): Finding[] {
  const serving = pidsOf(holders.filter(({ process: { role } }) => role === 'connection' || role === 'prefork'))
  const [first] = serving
  if (first === undefined) return []
  if (serving.length > 1) {
    const text = `the socket of client ${client} is held by more than one connection process: ${serving.join(', ')}`
    return [{ kind: 'shared-client', pid: first, text, lastsMs: LASTS_MS }]
  }
  const kept = holders.find(({ process: { role } }) => role === 'supervisor')
  if (kept === undefined) return []
  const text = `the socket of client ${client} is held by the supervisor ${kept.process.pid} too, and ${first} cannot end it`
  return [{ kind: 'kept-client', pid: kept.process.pid, text, lastsMs: LASTS_MS }]
}

/** How many connections a worker says that it serves; of others each has one, and there are other findings of it. */
function servedBy({ role, connections, occupation }: ProcessView): number | undefined {
  if (role === 'worker' || role === 'single') return connections
  return role === 'prefork' ? Number(occupation === 'busy') : undefined
}

/** Sockets that came to the server's ports, and connections on the scoreboard: a worker has as many of the one as of the other. */
function miscounted(process: ProcessView, entries: readonly Entry[], isClient: (entry: Entry) => boolean): Finding[] {
  const says = servedBy(process)
  const held = new Set(entries.filter(isClient).map(({ target }) => target)).size
  if (says === undefined || says === held) return []
  const { pid } = process
  const text = `${pid} holds ${held} ${held === 1 ? 'socket' : 'sockets'} of clients, and the scoreboard says that it serves ${says}`
  return [{ kind: 'count-differs', pid, text, lastsMs: LASTS_MS }]
}

/** Sockets that the scoreboard gives to clients, and those that came to a port on which the server listens. */
function isClients(
  { kind, target, fd }: Entry,
  process: ProcessView,
  ports: ReadonlySet<number>,
  socket: Socket | undefined,
): boolean {
  if (process.descriptor === fd && target.startsWith('socket:')) return true
  return kind === 'tcp' && socket?.kind === 'tcp' && socket.state !== 'LISTEN' && ports.has(socket.localPort)
}

export function leaksIn(ledger: Ledger, view: ServerView): Finding[] {
  const { sockets } = view
  const socketOf = (target: string): Socket | undefined => sockets.get(inodeOf(target) ?? -1)
  const ports = new Set(
    [...ledger.values()].flat().flatMap(({ target }) => {
      const socket = socketOf(target)
      return socket?.kind === 'tcp' && socket.state === 'LISTEN' ? [socket.localPort] : []
    }),
  )
  const findings: Finding[] = []
  // of a unix socket the kernel tells nobody which address it came to
  const isTcp = ports.size > 0 && view.listening.every((address) => !address.startsWith('unix:'))
  for (const process of isTcp ? view.processes : [])
    findings.push(
      ...miscounted(process, ledger.get(process.pid) ?? [], (entry) =>
        isClients(entry, { ...process, descriptor: undefined }, ports, socketOf(entry.target)),
      ),
    )
  for (const [target, holders] of holdersOf(ledger, view, ({ kind }) => kind === 'pipe'))
    findings.push(...leakedEnds(target, holders))
  for (const [target, holders] of holdersOf(ledger, view, (entry) => entry.target.startsWith('socket:'))) {
    const socket = socketOf(target)
    const owner = holders.find(({ process, entry }) => isClients(entry, process, ports, socket))
    if (owner !== undefined) {
      const name = owner.process.client ?? (socket?.kind === 'tcp' ? socket.remote : target)
      findings.push(...keptClients(holders, name))
    }
    if (socket?.kind === 'tcp' && socket.state === 'CLOSE_WAIT')
      for (const pid of pidsOf(holders)) {
        const text = `${pid} has not closed its side of the connection with ${socket.remote}, which has closed its own (CLOSE_WAIT)`
        findings.push({ kind: 'close-wait', pid, text, lastsMs: LASTS_MS })
      }
  }
  return findings
}
