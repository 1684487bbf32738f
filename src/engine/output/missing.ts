/** Lines that were given up because nobody read: they are counted, and it is said how many. */
import type { StreamNumber } from '../../libc/standard-stream.js'
import { deliver } from './deliver.js'
import { PATIENCE_MS, patienceMs } from './patience.js'
import { maySay, noteMissing, takeMissing } from './shared-state.js'

const NAMES = { 1: 'standard output', 2: 'standard error' }
const NEWLINE = 10

/** Whether this process has given up lines. */
let gaveUp = false

/** Counts what was not written. */
export function giveUp(stream: StreamNumber, bytes: Uint8Array): void {
  gaveUp = true
  noteMissing(stream, linesIn(bytes))
}

/** A last line without a newline counts too. */
function linesIn(bytes: Uint8Array): number {
  let lines = bytes.at(-1) === NEWLINE ? 0 : 1
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) lines++
  return lines
}

/** Called before the process ends: says what it gave up, unless somebody has just done so. */
export function sayMissingAtEnd(): void {
  if (gaveUp && maySay()) sayMissing()
}

/** Says on standard error how many lines are missing, once; when nobody reads that either, somebody else will. */
export function sayMissing(): void {
  for (const stream of [1, 2] as const) {
    const lines = takeMissing(stream)
    if (lines === 0) continue
    const are = lines === 1 ? 'line is' : 'lines are'
    const text = `tined: nobody read ${NAMES[stream]} for ${Math.min(patienceMs(), PATIENCE_MS) / 1000} s: ${lines} ${are} missing\n`
    if (!said(Buffer.from(text))) noteMissing(stream, lines)
  }
}

function said(text: Uint8Array): boolean {
  try {
    return deliver(2, text) === text.length
  } catch {
    return false
  }
}
