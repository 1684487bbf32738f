/** The tree of processes. Lines are SVG; a process is a button, for keyboards and screen readers. */
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { ProcessShot, ServerShot } from '../src/page/shapes.ts'
import { useTexts } from './language.ts'
import { BOX, type Box, layout } from './layout.ts'
import { nameOf, stateOf } from './names.ts'
import type { Gone } from './stream.ts'

interface Props {
  server: ServerShot
  gone: readonly Gone[]
  chosen: number | undefined
  choose: (pid: number) => void
}

const MARKS: Record<string, string> = { zombie: '☠', stopped: '⏸', traced: '⏸', 'waiting for disk': '⛁' }

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

function ProcessBox({
  box,
  isGone,
  isChosen,
  isWarned,
  choose,
}: {
  box: Box
  isGone: boolean
  isChosen: boolean
  isWarned: boolean
  choose: Props['choose']
}) {
  const texts = useTexts()
  const { process, group, x, y } = box
  const state = isGone ? texts.gone : stateOf(process, texts)
  const name =
    group === undefined
      ? nameOf(process, texts)
      : texts.group(group.length, nameOf({ ...process, id: undefined }, texts))
  const second = group === undefined ? (process.client ?? `${process.pid}`) : texts.processesOf(group.length)
  const calm = group !== undefined || (!isGone && (process.state === 'sleeping' || process.state === 'running'))
  const label =
    group === undefined
      ? `${name}, ${process.pid}${process.client === undefined ? '' : `, ${process.client}`}, ${state}`
      : name
  const kinds = [
    'box',
    `role-${process.role}`,
    isGone ? 'gone' : `state-${process.state.replaceAll(' ', '-')}`,
    isWarned ? 'warned' : '',
    group === undefined ? '' : 'group',
  ]
  return (
    <li style={{ left: `${x}px`, top: `${y}px`, width: `${BOX.width}px`, height: `${BOX.height}px` }}>
      <button
        type="button"
        class={kinds.join(' ')}
        aria-pressed={isChosen}
        aria-label={label}
        title={label}
        data-pid={process.pid}
        onClick={() => choose(process.pid)}
      >
        <span class="name">{name}</span>
        <span class="second">{calm ? second : `${MARKS[process.state] ?? ''} ${state} · ${process.pid}`}</span>
      </button>
    </li>
  )
}

/** Who has just ended is drawn where it was. */
function withGone(server: ServerShot, gone: readonly Gone[]): ServerShot {
  if (gone.length === 0) return server
  const processes: ProcessShot[] = [...server.processes, ...gone.map(({ process }) => process)].sort(
    (a, b) => a.pid - b.pid,
  )
  return { ...server, processes }
}

export function ProcessDrawing({ server, gone, chosen, choose }: Props) {
  const texts = useTexts()
  const [element, width] = useWidth()
  const shown = useMemo(() => withGone(server, server.processes.length > 50 ? [] : gone), [server, gone])
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
                isChosen={chosen === box.process.pid}
                isWarned={warned.has(box.process.pid)}
                choose={choose}
              />
            ))}
          </ul>
        </>
      )}
    </div>
  )
}
