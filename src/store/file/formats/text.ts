/** Format `text`: the bare lines. */
import type { Format } from '../format.js'

const NEWLINE = Buffer.from('\n')

export const text: Format = {
  add(target, _head, message) {
    target.add(message)
    target.add(NEWLINE)
  },
  isWhole: () => true,
  mayBegin: () => true,
  seqOf: () => 0,
}
