/** Draws the squares. */
import { FADE_MS, type Grid, type Square } from './grid.ts'

export const STATES = [
  { state: 'sleeping', colour: '--leaf-line' },
  { state: 'idle', colour: '--leaf-line' },
  { state: 'running', colour: '--blue' },
  { state: 'waiting for disk', colour: '--store-line' },
  { state: 'stopped', colour: '--violet' },
  { state: 'traced', colour: '--violet' },
  { state: 'zombie', colour: '--red' },
] as const

const MOST_PX = 14
const LEAST_PX = 5
/** As high as this they are made smaller, and then the grid grows. */
const HEIGHT_PX = 320

/** How large a square is, its border included, for so many to fit. */
function sizeFor(count: number, widthPx: number): number {
  for (let size = MOST_PX; size > LEAST_PX; size--)
    if (Math.ceil(count / Math.floor(widthPx / size)) * size <= HEIGHT_PX) return size
  return LEAST_PX
}

type Colours = ReadonlyMap<string, string>

function colours(): Colours {
  const style = getComputedStyle(document.documentElement)
  return new Map(
    [...STATES.map(({ colour }) => colour), '--soft', '--text'].map((name) => [
      name,
      style.getPropertyValue(name).trim(),
    ]),
  )
}

const colourOf = ({ process }: Square): string =>
  STATES.find(({ state }) => state === process.state)?.colour ?? '--soft'

function drawSquare(context: CanvasRenderingContext2D, square: Square, px: number, nowMs: number, all: Colours): void {
  const { bornMs, endedMs } = square
  const fresh = Math.max(0, 1 - (nowMs - bornMs) / FADE_MS)
  const left = endedMs === undefined ? 1 : Math.max(0, 1 - (nowMs - endedMs) / FADE_MS)
  context.globalAlpha = left
  context.fillStyle = all.get(endedMs === undefined ? colourOf(square) : '--soft') ?? ''
  // one that has just come grows into its place
  const size = (px - 1) * (1 - fresh * 0.6)
  const edge = (px - 1 - size) / 2
  context.fillRect(edge, edge, size, size)
  if (fresh === 0) return
  context.globalAlpha = fresh
  context.strokeStyle = all.get('--text') ?? ''
  context.strokeRect(0.5, 0.5, px - 2, px - 2)
}

/** @param chosen the pid of the process that is chosen */
export function paint(canvas: HTMLCanvasElement, grid: Grid, chosen: number | undefined): void {
  const widthPx = canvas.parentElement?.clientWidth ?? 0
  const context = canvas.getContext('2d')
  if (widthPx === 0 || context === null) return
  const px = sizeFor(grid.squares.length, widthPx)
  grid.sizePx = px
  grid.columns = Math.max(1, Math.floor(widthPx / px))
  const heightPx = Math.max(1, Math.ceil(grid.squares.length / grid.columns)) * px
  const scale = devicePixelRatio
  if (canvas.width !== Math.round(widthPx * scale) || canvas.height !== Math.round(heightPx * scale)) {
    canvas.width = Math.round(widthPx * scale)
    canvas.height = Math.round(heightPx * scale)
    canvas.style.height = `${heightPx}px`
  }
  const all = colours()
  const nowMs = performance.now()
  context.setTransform(scale, 0, 0, scale, 0, 0)
  context.clearRect(0, 0, widthPx, heightPx)
  grid.squares.forEach((square, place) => {
    if (square === undefined) return
    context.setTransform(
      scale,
      0,
      0,
      scale,
      (place % grid.columns) * px * scale,
      Math.floor(place / grid.columns) * px * scale,
    )
    drawSquare(context, square, px, nowMs, all)
    context.globalAlpha = 1
    if (square.process.pid !== chosen) return
    context.strokeStyle = all.get('--text') ?? ''
    context.lineWidth = 2
    context.strokeRect(0, 0, px - 1, px - 1)
    context.lineWidth = 1
  })
}
