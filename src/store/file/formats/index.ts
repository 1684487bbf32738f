/** All formats. One more is a file and a line here. src/store/sinks says which sink has which. */
import type { Format } from '../format.js'
import { ndjson } from './ndjson.js'
import { text } from './text.js'

export const formats = {
  ndjson,
  text,
} satisfies Record<string, Format>

export type FormatName = keyof typeof formats
