/** Snapshots as the server sends them. */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { ProcessShot, ServerShot, Snapshot } from '../src/page/shapes.ts'
import { Events } from './events.ts'
import { type Flight, flightsBetween } from './flights.ts'
import { History } from './history.ts'

export interface Seen {
  snapshot: Snapshot | undefined
  isLost: boolean
  histories: ReadonlyMap<number, History>
  /** By server: processes that were there a moment ago. */
  gone: ReadonlyMap<number, Gone[]>
  /** By server: signals that were sent a moment ago. */
  flights: ReadonlyMap<number, Flying[]>
  events: ReadonlyMap<number, Events>
}

export interface Gone {
  process: ProcessShot
  untilMs: number
}

/** A signal, and until when it is drawn. */
export type Flying = Flight & { untilMs: number }

/** So long is drawn who has ended, and a signal that is on its way. */
const GONE_MS = 2500

export const keyOf = ({ supervisor, root }: ServerShot): number => supervisor ?? root

function goneFrom(before: readonly Gone[], old: ServerShot | undefined, now: ServerShot, timeMs: number): Gone[] {
  const there = new Set(now.processes.map(({ pid }) => pid))
  const known = new Set(before.map(({ process }) => process.pid))
  const fresh = (old?.processes ?? []).filter(({ pid }) => !there.has(pid) && !known.has(pid))
  return [
    ...before.filter(({ untilMs, process }) => untilMs > timeMs && !there.has(process.pid)),
    ...fresh.map((process) => ({ process, untilMs: timeMs + GONE_MS })),
  ]
}

/** Those that are on their way still, and those that have been sent since the last look. */
function flyingAt(flying: readonly Flying[], old: ServerShot | undefined, now: ServerShot, timeMs: number): Flying[] {
  const fresh = old === undefined ? [] : flightsBetween(old, now)
  return [
    ...flying.filter(({ untilMs }) => untilMs > timeMs),
    ...fresh.map((flight) => ({ ...flight, untilMs: timeMs + GONE_MS })),
  ]
}

const NOTHING: Seen = {
  ...{ snapshot: undefined, isLost: false, histories: new Map(), gone: new Map() },
  ...{ flights: new Map(), events: new Map() },
}

/** What a look has seen, together with what is known of those before it. */
function seenAfter(before: Seen, snapshot: Snapshot): Seen {
  const { servers, timeMs } = snapshot
  const old = new Map((before.snapshot?.servers ?? []).map((server) => [keyOf(server), server]))
  const byServer = <Value>(of: (server: ServerShot, key: number) => Value): Map<number, Value> =>
    new Map(servers.map((server) => [keyOf(server), of(server, keyOf(server))]))
  const histories = byServer((_, key) => before.histories.get(key) ?? new History())
  const events = byServer((_, key) => before.events.get(key) ?? new Events())
  for (const server of servers) {
    histories.get(keyOf(server))?.add(timeMs, server)
    events.get(keyOf(server))?.add(timeMs, server)
  }
  return {
    ...{ snapshot, isLost: false, histories, events },
    gone: byServer((server, key) => goneFrom(before.gone.get(key) ?? [], old.get(key), server, timeMs)),
    flights: byServer((server, key) => flyingAt(before.flights.get(key) ?? [], old.get(key), server, timeMs)),
  }
}

export function useSnapshots(): Seen {
  const [seen, setSeen] = useState<Seen>(NOTHING)
  const kept = useRef(seen)
  useEffect(() => {
    const events = new EventSource('/api/events')
    const change = (more: Partial<Seen>): void => {
      kept.current = { ...kept.current, ...more }
      setSeen(kept.current)
    }
    events.addEventListener('snapshot', (event: MessageEvent<string>) => {
      change(seenAfter(kept.current, JSON.parse(event.data) as Snapshot))
    })
    events.addEventListener('error', () => {
      change({ isLost: true })
      // a browser gives up for good where the answer was an error
      if (events.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 5000)
    })
    return () => events.close()
  }, [])
  return seen
}
