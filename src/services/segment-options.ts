/** Options of the store that are about files which the server closes itself. */
import { byteCount, duration, wholeNumber } from '../server/options/numbers.js'
import type { CheckedOf, NameOf, OptionTable } from '../server/options/option.js'
import type { SinkAddress } from '../store/sinks/parse.js'

export const segmentOptions = {
  rotateBytes: {
    type: byteCount(1),
    flag: '--rotate-size <bytes>',
    help: 'close the file at so many bytes, like 100m, and go on in a new one',
  },
  rotateAgeMs: {
    type: duration(1000),
    flag: '--rotate-age <time>',
    help: 'close the file when its first record is so old, like 1d',
  },
  keepBytes: {
    type: byteCount(0),
    flag: '--keep-size <bytes>',
    help: 'remove the oldest closed files, so that the others have at most so many bytes',
  },
  keepAgeMs: {
    type: duration(1000),
    flag: '--keep-age <time>',
    help: 'remove closed files whose last record is older, like 30d',
  },
  keepCount: {
    type: wholeNumber(0),
    flag: '--keep-count <count>',
    help: 'remove the oldest closed files but so many',
  },
} as const satisfies OptionTable

const ROTATING = ['rotateBytes', 'rotateAgeMs'] as const
const KEEPING = ['keepBytes', 'keepAgeMs', 'keepCount'] as const

type Checked = CheckedOf<typeof segmentOptions> & { readonly to: SinkAddress }

/** @throws {TypeError} what only files have that are closed */
export function checkSegments(checked: Checked, nameOf: NameOf): void {
  const first = [...ROTATING, ...KEEPING].find((name) => checked[name] !== undefined)
  if (first === undefined) return
  if (!checked.to.kind.rotates)
    throw new TypeError(`${nameOf(first)}: only of files of records, got ${nameOf('to')} ${checked.to.kind.form}`)
  if (ROTATING.every((name) => checked[name] === undefined))
    throw new TypeError(
      `${nameOf(first)}: expected together with ${ROTATING.map(nameOf).join(' or ')}, which closes files`,
    )
}
