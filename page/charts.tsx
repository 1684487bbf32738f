/** Charts of the last minutes. */
import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import { FIGURES, type Figure, type History, SOMETIMES } from './history.ts'
import { useTexts } from './language.ts'
import { milliseconds, number, size, time } from './words.ts'

const HEIGHT = 150
const WORDS: Record<Figure, (value: number) => string> = {
  accepted: number,
  messages: number,
  answer: milliseconds,
  lasted: (ms) => (ms < 1000 ? milliseconds(ms) : time(ms)),
  memory: size,
  waiting: number,
  fork: milliseconds,
  sync: milliseconds,
}

/** As the style sheet has it, light or dark. */
const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

function optionsFor(figure: Figure, width: number): uPlot.Options {
  const axis = { stroke: colour('--soft'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false } }
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      y: { range: (_plot, _least, most) => [0, Math.max(SOMETIMES.includes(figure) ? 0.1 : 1, (most ?? 0) * 1.1)] },
    },
    axes: [axis, { ...axis, size: 64, values: (_plot, values) => values.map((value) => WORDS[figure](value)) }],
    series: [
      {},
      {
        ...{ stroke: colour('--blue'), fill: colour('--blue-fill'), width: 1.5 },
        ...(SOMETIMES.includes(figure) ? { spanGaps: true } : {}),
        points: { show: false },
      },
      ...(figure === 'answer'
        ? [{ stroke: colour('--store-line'), width: 1.5, spanGaps: true, points: { show: false } }]
        : []),
    ],
  }
}

function Chart({ figure, history }: { figure: Figure; history: History }) {
  const texts = useTexts()
  const element = useRef<HTMLDivElement | null>(null)
  const plot = useRef<uPlot | undefined>(undefined)
  const data = useRef<uPlot.AlignedData>([[], []])
  const slow = figure === 'answer' ? [history.slowAnswers] : []
  data.current = [history.timesS, history.values[figure], ...slow]
  useEffect(() => {
    const place = element.current
    if (place === null) return undefined
    const make = (): void => {
      plot.current?.destroy()
      plot.current = new uPlot(optionsFor(figure, place.clientWidth), data.current, place)
    }
    make()
    const dark = matchMedia('(prefers-color-scheme: dark)')
    dark.addEventListener('change', make)
    const observer = new ResizeObserver(() => plot.current?.setSize({ width: place.clientWidth, height: HEIGHT }))
    observer.observe(place)
    return () => {
      observer.disconnect()
      dark.removeEventListener('change', make)
      plot.current?.destroy()
    }
  }, [figure])
  useEffect(() => plot.current?.setData(data.current))
  const now = history.now(figure)
  const words = now === null ? texts.unknown : WORDS[figure](now)
  const slowNow = figure === 'answer' ? history.slowAnswersNow : null
  const limit = figure === 'waiting' && now !== null ? history.waitingLimit : undefined
  return (
    <figure data-figure={figure}>
      <figcaption>
        {texts.chartNames[figure]}{' '}
        <strong>
          {texts.chartNow(limit === undefined ? words : texts.ofLimit(words, number(limit)))}
          {slowNow !== null && <span class="slow">, {texts.slowest(milliseconds(slowNow))}</span>}
        </strong>
      </figcaption>
      <div ref={element} aria-hidden="true" />
    </figure>
  )
}

export function Charts({ history }: { history: History }) {
  const texts = useTexts()
  return (
    <section class="card" aria-labelledby="charts">
      <h2 id="charts">{texts.charts}</h2>
      <div class="charts">
        {FIGURES.filter((figure) => history.isShown(figure)).map((figure) => (
          <Chart key={figure} figure={figure} history={history} />
        ))}
      </div>
    </section>
  )
}
