/** Of many processes a small square for each: what it is doing, who has just come, who has just gone. */
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import type { ProcessShot, ServerShot } from '../src/page/shapes.ts'
import { MOST } from './cells.ts'
import { useTexts } from './language.ts'
import { nameOf } from './names.ts'
import { Grid } from './squares/grid.ts'
import { paint, STATES } from './squares/paint.ts'
import type { Gone } from './stream.ts'

interface Props {
  server: ServerShot
  gone: readonly Gone[]
  chosen: number | undefined
  choose: (process: ProcessShot) => void
}

/** Names of states, and how many are in each: what a canvas does not tell a screen reader. */
function useSummary({ processes }: ServerShot): string {
  const texts = useTexts()
  const counts = new Map<string, number>()
  for (const { state } of processes) counts.set(state, (counts.get(state) ?? 0) + 1)
  return [...counts].map(([state, count]) => `${texts.states[state]?.name ?? state} ${count}`).join(', ')
}

export function Squares(props: Props) {
  const { server, choose } = props
  const texts = useTexts()
  const summary = useSummary(server)
  const canvas = useRef<HTMLCanvasElement | null>(null)
  const grid = useRef(new Grid())
  const isMany = server.processes.length > MOST
  const show = useRef(() => {})
  show.current = () => {
    if (canvas.current !== null) paint(canvas.current, grid.current, props.chosen)
  }
  const frame = useRef(0)
  // frames only while something fades
  const fade = (): void => {
    show.current()
    frame.current = grid.current.isFading(performance.now()) ? requestAnimationFrame(fade) : 0
  }
  useLayoutEffect(() => {
    if (isMany) grid.current.set(server.processes, performance.now())
    if (frame.current === 0) fade()
  }, [server, isMany, props.chosen])
  useEffect(() => {
    const place = canvas.current?.parentElement
    if (!isMany || place === null || place === undefined) return undefined
    const dark = matchMedia('(prefers-color-scheme: dark)')
    const again = (): void => show.current()
    dark.addEventListener('change', again)
    const observer = new ResizeObserver(again)
    observer.observe(place)
    return () => {
      cancelAnimationFrame(frame.current)
      frame.current = 0
      dark.removeEventListener('change', again)
      observer.disconnect()
    }
  }, [isMany])
  if (!isMany) return null
  const at = (event: MouseEvent): ProcessShot | undefined => grid.current.at(event.offsetX, event.offsetY)
  return (
    <div class="squares">
      <p class="quiet">{texts.squares}</p>
      {/* whoever has no mouse chooses among the youngest, in the details of the box that stands for all */}
      <canvas
        ref={canvas}
        role="img"
        aria-label={`${texts.processesOf(server.processes.length)}: ${summary}`}
        onClick={(event) => {
          const process = at(event)
          if (process !== undefined) choose(process)
        }}
        onMouseMove={(event) => {
          const process = at(event)
          if (canvas.current !== null)
            canvas.current.title =
              process === undefined ? '' : `${nameOf(process, texts)}, ${process.pid}, ${process.client ?? ''}`
        }}
      />
      <p class="legend">
        {STATES.filter(({ state }) => server.processes.some((process) => process.state === state)).map(
          ({ state, colour }) => (
            <span key={state} class={`key colour${colour}`}>
              {texts.states[state]?.name ?? state}
            </span>
          ),
        )}
      </p>
    </div>
  )
}
