/** Several probes from one parent: what each printed, and how it ended. */
import { type Ended, type ProgramOptions, runProgram } from './run-program.js'

export interface Ending {
  ending: Record<string, unknown>
  stdout: string
  stderr: string
  leftover: string[]
}

const RECORD = /^\{"type":.*"leftover":\[.*\]\}$/

/** How the process of one probe ended, with what it printed before. @throws {Error} when the parent did not come so far */
export function endingIn(stdout: string, stderr: string): Ending {
  const lines = stdout.trimEnd().split('\n')
  const last = lines.at(-1) ?? ''
  if (!RECORD.test(last)) throw new Error(`the parent did not tell how it ended:\n${stdout.slice(-2000)}\n${stderr}`)
  const { core: _core, leftover, ...ending } = JSON.parse(last)
  return { ending, leftover, stdout, stderr }
}

function parts({ stdout, stderr }: Ended, names: readonly string[]): Map<string, Ending> {
  const errors = stderr.split(/^=== .*\n/m).slice(1)
  const found = new Map<string, Ending>()
  let printed: string[] = []
  for (const line of stdout.split('\n')) {
    printed.push(line)
    if (!RECORD.test(line)) continue
    const turn = found.size
    found.set(names[turn] ?? '', endingIn(printed.join('\n'), errors[turn] ?? ''))
    printed = []
  }
  return found
}

/** @returns tells of one of them. @throws {Error} when the parent did not come so far */
export async function runBatch(
  names: readonly string[],
  flags: readonly string[],
  deadlineMs: number,
  options: ProgramOptions = {},
): Promise<(name: string) => Ending> {
  const ended = await runProgram('run-probe.js', [...names, ...flags], deadlineMs, options)
  const found = parts(ended, names)
  return (name) => {
    const ending = found.get(name)
    if (ending !== undefined) return ending
    const why = ended.timedOut ? `no end within ${deadlineMs} ms` : `ended with ${ended.code ?? ended.signal}`
    throw new Error(`the parent of ${names.length} probes ${why}:\n${ended.stderr.slice(-2000)}`)
  }
}
