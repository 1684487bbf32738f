/** The tree of processes: lines are SVG, processes are buttons over them. */
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { ProcessShot, ServerShot } from '../src/page/shapes.ts'
import type { Flight } from './flights.ts'
import { Flights } from './flying.tsx'
import { useTexts } from './language.ts'
import { type Box, layout } from './layout.ts'
import { ProcessBox } from './process-box.tsx'
import type { Gone } from './stream.ts'

interface Props {
  server: ServerShot
  gone: readonly Gone[]
  flights: readonly Flight[]
  /** The key of a box. */
  chosen: string | undefined
  choose: (box: Box) => void
}

/** Above this who has ended is not drawn any more. */
const MOST_WITH_GONE = 50

function useWidth(): [{ current: HTMLDivElement | null }, number] {
  const element = useRef<HTMLDivElement | null>(null)
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    if (element.current === null) return undefined
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)))
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [])
  return [element, width]
}

/** Who has just ended is drawn where it was. */
function withGone(server: ServerShot, gone: readonly Gone[]): ServerShot {
  if (gone.length === 0 || server.processes.length > MOST_WITH_GONE) return server
  const processes: ProcessShot[] = [...server.processes, ...gone.map(({ process }) => process)]
  return { ...server, processes: processes.sort((a, b) => a.pid - b.pid) }
}

export function ProcessDrawing({ server, gone, flights, chosen, choose }: Props) {
  const texts = useTexts()
  const [element, width] = useWidth()
  const shown = useMemo(() => withGone(server, gone), [server, gone])
  const { boxes, lines, height } = useMemo(() => layout(shown, width), [shown, width])
  const ended = new Set(gone.map(({ process }) => process.pid))
  const warned = new Set(server.warnings.map(({ pid }) => pid))
  return (
    <div class="drawing" ref={element} style={{ height: `${height}px` }}>
      {width > 0 && (
        <>
          <svg class="lines" width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
            <path d={lines} />
          </svg>
          <ul aria-label={texts.processes}>
            {boxes.map((box) => (
              <ProcessBox
                key={box.key}
                box={box}
                isGone={ended.has(box.process.pid)}
                isChosen={chosen === box.key}
                isWarned={warned.has(box.process.pid)}
                choose={choose}
              />
            ))}
          </ul>
          <Flights flights={flights} boxes={boxes} />
        </>
      )}
    </div>
  )
}
