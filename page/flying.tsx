/** Signals on their way, drawn as something that travels along the lines. What they were a screen reader hears of in the last events. */
import type { ComponentChildren } from 'preact'
import type { Flight } from './flights.ts'
import type { Box } from './layout.ts'

interface Drawn {
  key: string
  path: string
  signal: string
  count: number
  isBack: boolean
  isAnswer: boolean
}

/** From nowhere, where it is not known who has sent it: from above. */
const FALL_PX = 18
const INTO_PX = 4

function drawn(
  { key, signal, from, to, isAnswer }: Flight,
  boxOf: (pid: number) => Box | undefined,
): Drawn | undefined {
  const [start, end] = [boxOf(from), boxOf(to)]
  const one = { key, signal, count: 1, isAnswer }
  if (end?.way !== undefined && end.process.parent === from) return { ...one, path: end.way, isBack: false }
  if (start?.way !== undefined && start.process.parent === to) return { ...one, path: start.way, isBack: true }
  if (end === undefined || isAnswer) return undefined
  const x = end.x + end.width / 2
  return { ...one, path: `M${x} ${Math.max(0, end.y - FALL_PX)}V${end.y + INTO_PX}`, isBack: false }
}

/** Those on the same way at once are one, with their number. */
function together(all: readonly Drawn[]): Drawn[] {
  const found = new Map<string, Drawn>()
  for (const one of all) {
    const way = `${one.signal} ${one.path} ${one.isBack}`
    const other = found.get(way)
    found.set(way, other === undefined ? one : { ...other, count: other.count + 1 })
  }
  return [...found.values()]
}

export function Flights({ flights, boxes }: { flights: readonly Flight[]; boxes: readonly Box[] }): ComponentChildren {
  const boxOf = (pid: number): Box | undefined =>
    boxes.find(({ process, group }) => process.pid === pid || group?.some((each) => each.pid === pid))
  const all = together(flights.flatMap((flight) => drawn(flight, boxOf) ?? []))
  return all.map(({ key, path, signal, count, isBack, isAnswer }) => (
    <span
      key={key}
      class={`flight${isBack ? ' back' : ''}${isAnswer ? ' answer' : ''}`}
      style={{ offsetPath: `path("${path}")` }}
      aria-hidden="true"
    >
      {count === 1 ? signal : `${signal} × ${count}`}
    </span>
  ))
}
