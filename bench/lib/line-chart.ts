export interface Line {
  readonly name: string
  readonly points: readonly { readonly x: number; readonly y: number }[]
}

export interface LineChart {
  readonly title: string
  readonly note: string
  readonly xAxis: string
  readonly yAxis: string
  readonly lines: readonly Line[]
}

const width = 860
const height = 420
const box = { left: 80, right: 760, top: 70, bottom: 350 }

// No background of its own: the reader's setting decides between a light page and a dark one.
const style = `
    text { font: 13px system-ui, sans-serif; fill: #24292f }
    .title { font-size: 16px; font-weight: 600 }
    .quiet { fill: #57606a; font-size: 12px }
    .grid { stroke: #d0d7de; stroke-width: 1 }
    .line { fill: none; stroke-width: 2.5 }
    .l0 { stroke: #d9600a } .l1 { stroke: #57606a } .l2 { stroke: #0969da }
    .d0 { fill: #d9600a } .d1 { fill: #57606a } .d2 { fill: #0969da }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3 } .quiet { fill: #9198a1 } .grid { stroke: #3d444d }
      .l0 { stroke: #f0883e } .l1 { stroke: #9198a1 } .l2 { stroke: #4493f8 }
      .d0 { fill: #f0883e } .d1 { fill: #9198a1 } .d2 { fill: #4493f8 }
    }
  `

const shown = (value: number): string => value.toLocaleString('en-US')

/** Powers of ten from below the least value to above the largest. */
function decades(values: readonly number[]): number[] {
  const first = Math.floor(Math.log10(Math.min(...values)))
  const last = Math.ceil(Math.log10(Math.max(...values)))
  return Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index))
}

function scale(ticks: readonly number[], from: number, to: number): (value: number) => number {
  const least = Math.log10(ticks[0] ?? 1)
  const most = Math.log10(ticks.at(-1) ?? 10)
  return (value) => from + ((Math.log10(value) - least) / Math.max(most - least, 1)) * (to - from)
}

/** Where names go that would lie over each other: each at least a line below the one above it. */
function spread(wanted: readonly number[]): number[] {
  const placed: number[] = []
  let least = Number.NEGATIVE_INFINITY
  for (const [index, y] of [...wanted.entries()].sort(([, left], [, right]) => left - right)) {
    placed[index] = Math.max(y, least)
    least = (placed[index] as number) + 16
  }
  return placed
}

/** Draws lines over two logarithmic axes. */
export function lineChart({ title, note, xAxis, yAxis, lines }: LineChart): string {
  const points = lines.flatMap((line) => line.points)
  const columns = decades(points.map(({ x }) => x))
  const rows = decades(points.map(({ y }) => y))
  const x = scale(columns, box.left, box.right)
  const y = scale(rows, box.bottom, box.top)
  const at = (value: number): string => value.toFixed(1)
  const grid = [
    ...rows.map(
      (row) => `  <line class="grid" x1="${box.left}" x2="${box.right}" y1="${at(y(row))}" y2="${at(y(row))}"/>`,
    ),
    ...rows.map(
      (row) => `  <text class="quiet" x="${box.left - 8}" y="${at(y(row) + 4)}" text-anchor="end">${shown(row)}</text>`,
    ),
    ...columns.map(
      (column) =>
        `  <text class="quiet" x="${at(x(column))}" y="${box.bottom + 20}" text-anchor="middle">${shown(column)}</text>`,
    ),
  ]
  const names = spread(lines.map((line) => y(line.points.at(-1)?.y ?? 1) + 4))
  const drawn = lines.flatMap(({ name, points }, index) => {
    const path = points.map((point) => `${at(x(point.x))},${at(y(point.y))}`).join(' ')
    const last = points.at(-1) ?? { x: 1, y: 1 }
    return [
      `  <polyline class="line l${index}" points="${path}"/>`,
      ...points.map((point) => `  <circle class="d${index}" cx="${at(x(point.x))}" cy="${at(y(point.y))}" r="3.5"/>`),
      `  <text x="${at(x(last.x) + 10)}" y="${at(names[index] as number)}">${name}</text>`,
    ]
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">`,
    `  <style>${style}</style>`,
    `  <text class="title" x="20" y="30">${title}</text>`,
    `  <text class="quiet" x="20" y="52">${yAxis}</text>`,
    ...grid,
    ...drawn,
    `  <text class="quiet" x="${(box.left + box.right) / 2}" y="${box.bottom + 40}" text-anchor="middle">${xAxis}</text>`,
    `  <text class="quiet" x="20" y="${height - 10}">${note}</text>`,
    '</svg>',
    '',
  ].join('\n')
}
