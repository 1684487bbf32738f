export type Row = readonly string[]

function widths(rows: readonly Row[]): number[] {
  const columns = Math.max(...rows.map((row) => row.length))
  return Array.from({ length: columns }, (_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
}

// The first column holds names, the others numbers.
function pad(row: Row, columns: readonly number[]): string[] {
  const cell = (column: number) => row[column] ?? ''
  return columns.map((width, column) => (column === 0 ? cell(column).padEnd(width) : cell(column).padStart(width)))
}

/** Lays rows out for a terminal; the first one is the heading. */
export function textTable(rows: readonly Row[]): string {
  const columns = widths(rows)
  return rows.map((row) => pad(row, columns).join('  ').trimEnd()).join('\n')
}

/** Lays the same rows out as Markdown. */
export function markdownTable(rows: readonly Row[]): string {
  const columns = widths(rows)
  const rule = columns.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  const [heading = [], ...body] = rows.map((row) => pad(row, columns))
  return [heading, rule, ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
