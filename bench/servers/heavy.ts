// A program that is not empty: three libraries that many use, and a table of 50 MB.
import * as swc from '@swc/core'
import { parse } from 'csv-parse/sync'
import { WebSocketServer } from 'ws'

const ROWS = 250_000
const FIELDS = ['name', 'city', 'notes']

const lines = Array.from({ length: 1000 }, (_, row) => FIELDS.map((field) => `${field} of ${row}`).join(','))
const parsed = parse(lines.join('\n'), { columns: FIELDS }) as Record<string, string>[]

export const table: readonly object[] = Array.from({ length: ROWS }, (_, id) => ({
  id,
  ...parsed[id % parsed.length],
  at: [id * 0.5, id * 0.25],
}))
export const libraries = [swc.version, WebSocketServer.name]
