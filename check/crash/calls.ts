/** Reads what strace(1) has written: calls with their arguments, each where it began and where it was over. */

export interface Call {
  readonly pid: string
  readonly name: string
  /** All that stands between the brackets, as far as it was known when the call began. */
  readonly args: string
  /** Not a number where it begins, and another one comes before it is over. */
  readonly result: number
  readonly begun: boolean
}

const LINE = /^(\d+)\s+(?:(\w+)\((.*)|<\.\.\. (\w+) resumed>)/s

/** Two for a call while which another process made one. */
export function* callsIn(text: string): Generator<Call> {
  const open = new Map<string, string>()
  for (const line of text.split('\n')) {
    const [, pid = '', name = '', args = '', resumed] = LINE.exec(line) ?? []
    const result = Number(/= (-?\d+)[^=]*$/.exec(line)?.[1])
    if (resumed !== undefined) {
      const begun = open.get(pid)
      if (begun !== undefined) yield { pid, name: resumed, args: begun, result, begun: false }
    } else if (name !== '') {
      const unfinished = line.endsWith('<unfinished ...>')
      if (unfinished) open.set(pid, args)
      yield { pid, name, args, result: unfinished ? Number.NaN : result, begun: true }
    }
  }
}

const NAMED: Record<string, number> = { n: 10, t: 9, r: 13, v: 11, f: 12, a: 7, b: 8, '"': 34, '\\': 92 }

/** The bytes of the first string in arguments. */
export function stringIn(args: string, from = 0): Buffer {
  const bytes = Buffer.alloc(args.length)
  let length = 0
  for (let at = args.indexOf('"', from) + 1; at > 0 && at < args.length && args[at] !== '"'; ) {
    if (args[at] !== '\\') {
      bytes[length++] = args.charCodeAt(at++)
      continue
    }
    const octal = /^[0-7]{1,3}/.exec(args.slice(at + 1, at + 4))?.[0]
    bytes[length++] = octal === undefined ? (NAMED[args[at + 1] as string] as number) : Number.parseInt(octal, 8)
    at += 1 + (octal?.length ?? 1)
  }
  return bytes.subarray(0, length)
}

/** The path of the descriptor that arguments begin with, as `strace -y` shows it. */
export const pathIn = (args: string): string | undefined => /^\d+<([^>]*)>/.exec(args)?.[1]
