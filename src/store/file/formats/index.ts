/** All formats. One more is a file and a line here. A sink names one, as in `text:FILE`; the first is meant where none is named. */
import type { Format } from '../format.js'
import { ndjson } from './ndjson.js'
import { text } from './text.js'

export const formats = {
  ndjson,
  text,
} satisfies Record<string, Format>

export type FormatName = keyof typeof formats
