/** What a run has left behind: processes, what it logged, what it wrote down. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const read = (file: string): string | undefined => (existsSync(file) ? readFileSync(file, 'utf8') : undefined)

export function marked(mark: string): number[] {
  const has = (pid: string): boolean => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(mark)
    } catch {
      return false
    }
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && has(name))
    .map(Number)
}

export function killMarked(mark: string): void {
  for (const pid of marked(mark)) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // it ended by itself
    }
  }
}

export const commandOf = (pid: number): string =>
  read(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ').trim() ?? 'a process that ended'

/** The end of what it wrote, but for the log of Tined, which is JSON. */
export function lastWords(folder: string): string {
  const lines = (read(join(folder, 'log')) ?? '').split('\n').filter((line) => line !== '' && !line.startsWith('{'))
  return lines.find((line) => /Error|error/.test(line)) ?? lines.at(-1) ?? 'without a word'
}

export function crashes(folder: string): string[] {
  const lines = (read(join(folder, 'log')) ?? '').split('\n')
  return lines.flatMap((line) => {
    if (!/process (exited|killed|stopped)/.test(line) || !line.startsWith('{')) return []
    const { msg, status, signal } = JSON.parse(line) as { msg: string; status?: number; signal?: string }
    return [`${msg} ${signal ?? status ?? ''}`.trim()]
  })
}

/** What handlers failed of: on standard error in model fork, in the log of Tined in model multiplex. */
export function failures(folder: string): string[] {
  const text = (read(join(folder, 'log')) ?? '').replaceAll('\\n', '\n')
  return [...text.matchAll(/(?:tined: connection [^ ]+: |the handler failed: )(.+)/g)].map(([, words]) => `${words}`)
}

/** Which of the names are not there exactly once. */
export function lostOf(folder: string, names: readonly string[]): string[] {
  const said = (read(join(folder, 'lines')) ?? '').match(/says [\w-]+\./g) ?? []
  const times = new Map<string, number>()
  for (const each of said) times.set(each.slice(5, -1), (times.get(each.slice(5, -1)) ?? 0) + 1)
  return names.filter((name) => times.get(name) !== 1)
}
