/** Compares what a page says is printed with what is: pids, ports and times differ from run to run, and nothing else may. */

const PATTERNS = [
  // 2026-01-31T12:00:00.000Z, and [12:00:00.000] of the log
  { example: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/, real: String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z` },
  { example: /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}/, real: String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}` },
  { example: /\d\d:\d\d:\d\d\.\d{3}/, real: String.raw`\d\d:\d\d:\d\d\.\d{3}` },
  { example: /\d+(?= ms\b)/, real: String.raw`\d+` },
  { example: /:\d{4,5}\b/, real: String.raw`:\d+`, isSame: true },
  { example: /\b\d{4,7}\b/, real: String.raw`\d+`, isSame: true },
]
const ANY = new RegExp(PATTERNS.map(({ example }) => `(${example.source})`).join('|'), 'g')

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** What stands for what in one page: a number that the page shows twice is the same number, two that it shows are two. */
export class Printed {
  #real = new Map()

  /** @param exact numbers that mean themselves: the ports that programs of the page listen on */
  constructor(exact) {
    this.exact = new Set(exact.map((port) => `:${port}`))
  }

  /** @returns whether the line is as the page says */
  matches(example, line) {
    const kinds = []
    let pattern = ''
    let end = 0
    for (const found of example.matchAll(ANY)) {
      if (this.exact.has(found[0])) continue
      const kind = PATTERNS[found.slice(1).findIndex((each) => each !== undefined)]
      kinds.push({ shown: found[0], isSame: kind.isSame })
      pattern += `${escaped(example.slice(end, found.index))}(${kind.real})`
      end = found.index + found[0].length
    }
    const match = new RegExp(`^${pattern}${escaped(example.slice(end))}$`).exec(line)
    if (match === null) return false
    return kinds.every(({ shown, isSame }, index) => !isSame || this.#stands(shown, match[index + 1]))
  }

  #stands(shown, real) {
    const before = this.#real.get(shown)
    if (before === undefined && [...this.#real.values()].includes(real)) return false
    this.#real.set(shown, real)
    return before === undefined || before === real
  }
}
