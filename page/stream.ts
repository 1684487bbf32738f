/** Snapshots as the server sends them. */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { ProcessShot, ServerShot, Snapshot } from '../src/page/shapes.ts'
import { History } from './history.ts'

export interface Seen {
  snapshot: Snapshot | undefined
  isLost: boolean
  histories: ReadonlyMap<number, History>
  /** By server: processes that were there a moment ago. */
  gone: ReadonlyMap<number, Gone[]>
}

export interface Gone {
  process: ProcessShot
  untilMs: number
}

/** So long is drawn who has ended. */
const GONE_MS = 2000

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

export function useSnapshots(): Seen {
  const [seen, setSeen] = useState<Seen>({ snapshot: undefined, isLost: false, histories: new Map(), gone: new Map() })
  const kept = useRef(seen)
  useEffect(() => {
    const events = new EventSource('/api/events')
    const change = (more: Partial<Seen>): void => {
      kept.current = { ...kept.current, ...more }
      setSeen(kept.current)
    }
    events.addEventListener('snapshot', (event: MessageEvent<string>) => {
      const snapshot = JSON.parse(event.data) as Snapshot
      const { histories, gone, snapshot: last } = kept.current
      const next = new Map(
        snapshot.servers.map((server) => [keyOf(server), histories.get(keyOf(server)) ?? new History()]),
      )
      for (const server of snapshot.servers) next.get(keyOf(server))?.add(snapshot.timeMs, server)
      const left = snapshot.servers.map((server): [number, Gone[]] => {
        const old = last?.servers.find((each) => keyOf(each) === keyOf(server))
        return [keyOf(server), goneFrom(gone.get(keyOf(server)) ?? [], old, server, snapshot.timeMs)]
      })
      change({ snapshot, isLost: false, histories: next, gone: new Map(left) })
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
