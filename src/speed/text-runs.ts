/** Which of the program's code can lie in huge pages. proc_pid_maps(5) */

export const HUGE = 2n * 1024n * 1024n
export const roundUp = (address: bigint): bigint => ((address + HUGE - 1n) / HUGE) * HUGE

/** Whole huge pages, and the code in them; the rest of them is nobody's. */
export interface HugeRun {
  readonly start: bigint
  readonly length: bigint
  readonly text: { readonly start: bigint; readonly end: bigint }
}

interface Mapping {
  readonly start: bigint
  readonly end: bigint
  readonly flags: string
  readonly offset: string
  readonly name: string
}

/** V8 takes memory for code in pieces of that size: in less there never will be any. */
const V8_PAGE_BYTES = 256n * 1024n
/** Of a huge page that is not all code, so much has to be. */
const WORTH_IT_BYTES = HUGE / 2n

const LINE = /^([0-9a-f]+)-([0-9a-f]+) (\S{4}) (\S+) \S+ \d+\s*(.*)$/

function parse(maps: string): Mapping[] {
  return maps.split('\n').flatMap((line) => {
    const found = LINE.exec(line)
    if (found === null) return []
    const [, start, end, flags, offset, name] = found as unknown as [string, string, string, string, string, string]
    return [{ start: BigInt(`0x${start}`), end: BigInt(`0x${end}`), flags, offset, name }]
  })
}

/** The whole huge pages within a mapping; undefined when there are none. */
function within({ start: from, end: to }: Mapping): HugeRun | undefined {
  const start = roundUp(from)
  const end = (to / HUGE) * HUGE
  return end > start ? { start, length: end - start, text: { start, end } } : undefined
}

/** Reserved by V8 and not used, or too little for it. */
const isNobodys = ({ start, end, flags, name }: Mapping): boolean =>
  name === '' && (flags === '---p' || (flags === 'rwxp' && end - start < V8_PAGE_BYTES))

/**
 * V8 has its built-in functions mapped a second time, near the code that it makes. They do not begin where a huge page does, and end a little
 * before one does.
 */
function around(builtins: Mapping, all: readonly Mapping[]): HugeRun[] {
  const runs: HugeRun[] = []
  for (let start = (builtins.start / HUGE) * HUGE; start < builtins.end; start += HUGE) {
    const end = start + HUGE
    const text = {
      start: builtins.start > start ? builtins.start : start,
      end: builtins.end < end ? builtins.end : end,
    }
    const others = all.filter((one) => one !== builtins && one.start < end && one.end > start)
    if (text.end - text.start >= WORTH_IT_BYTES && others.every(isNobodys)) runs.push({ start, length: HUGE, text })
  }
  return runs
}

/** Those of the program that runs: its text, and what V8 has mapped of it once more. */
export function runsOfText(maps: string, program = process.execPath): HugeRun[] {
  const all = parse(maps)
  const code = all.filter(
    ({ flags, offset, name }) => flags === 'r-xp' && Number(`0x${offset}`) > 0 && name === program,
  )
  const [text] = code.flatMap((mapping) => within(mapping) ?? [])
  if (text === undefined) return []
  const later = code.filter(({ start }) => start > text.start + text.length)
  return [text, ...later.flatMap((mapping) => around(mapping, all))]
}
