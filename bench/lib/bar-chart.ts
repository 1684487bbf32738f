export interface Bar {
  readonly name: string
  readonly values: readonly number[]
  readonly emphasis: boolean
}

export interface Chart {
  readonly title: string
  readonly note: string
  /** What each value of a bar is, in order; at most two. */
  readonly series: readonly string[]
  readonly bars: readonly Bar[]
}

const width = 860
const left = 210
const right = 80
const top = 84
const bar = 14
const group = 44

// No background of its own: the reader's setting decides between a light page and a dark one.
const style = `
    text { font: 13px system-ui, sans-serif; fill: #24292f }
    .title { font-size: 16px; font-weight: 600 }
    .quiet { fill: #57606a; font-size: 12px }
    .strong { font-weight: 600 }
    .first { fill: #8c959f } .second { fill: #b6bec7 }
    .first.own { fill: #d9600a } .second.own { fill: #f0a04b }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3 } .quiet { fill: #9198a1 }
      .first { fill: #7d8590 } .second { fill: #565d66 }
      .first.own { fill: #f0883e } .second.own { fill: #b8651b }
    }
  `

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function label(x: number, y: number, text: string, rest = ''): string {
  return `  <text x="${Math.round(x)}" y="${y}"${rest}>${escapeXml(text)}</text>`
}

function colour(series: number, own: boolean): string {
  return `${series === 0 ? 'first' : 'second'}${own ? ' own' : ''}`
}

function drawBar({ name, values, emphasis }: Bar, index: number, scale: number): string[] {
  const y = top + index * group
  const lines = [label(left - 10, y + bar + 5, name, ` text-anchor="end"${emphasis ? ' class="strong"' : ''}`)]
  values.forEach((value, series) => {
    const length = Math.max(1, value * scale)
    const barTop = y + series * (bar + 2)
    const box = `x="${left}" y="${barTop}" width="${length.toFixed(1)}" height="${bar}" rx="2"`
    lines.push(`  <rect ${box} class="${colour(series, emphasis)}"/>`)
    lines.push(label(left + length + 6, barTop + bar - 2, Math.round(value).toLocaleString('en-US'), ' class="quiet"'))
  })
  return lines
}

function drawLegend(series: readonly string[]): string[] {
  return series.flatMap((name, index) => {
    const x = left + index * 130
    const box = `x="${x}" y="${top - 26}" width="${bar}" height="${bar}" rx="2"`
    return [`  <rect ${box} class="${colour(index, false)}"/>`, label(x + bar + 6, top - 14, name, ' class="quiet"')]
  })
}

/** Draws horizontal bars on a linear scale from zero, each with its number. */
export function barChart({ title, note, series, bars }: Chart): string {
  const height = top + bars.length * group + 24
  const scale = (width - left - right) / Math.max(...bars.flatMap(({ values }) => values))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeXml(title)}">`,
    `  <style>${style}</style>`,
    label(20, 30, title, ' class="title"'),
    ...drawLegend(series),
    ...bars.flatMap((each, index) => drawBar(each, index, scale)),
    label(20, height - 10, note, ' class="quiet"'),
    '</svg>',
    '',
  ].join('\n')
}
