import type { Model, Opened } from './table.js'

/** One run: a program on one Node, in one model, opened at one of two times. */
export interface Outcome {
  program: string
  version: string
  node: string
  model: Model
  opened: Opened
  connections: number
  right: number
  wrong: string[]
  hung: number
  /** Connection processes that ended badly, as the log of Tined says. */
  crashed: string[]
  /** What handlers failed of. */
  failures: string[]
  /** Names that were not found once in what was logged or exported; undefined where nothing is. */
  lost?: string[]
  /** In which words it did not start. */
  refused?: string
  /** Whether the refusal is one that the table expects, in words that name what is in the way. */
  rightlyRefused?: boolean
  /** Why it was not run. */
  skipped?: string
  /** Whatever else is not as it should be: the launcher's own use afterwards, how it ended. */
  trouble: string[]
}

export function isGood({ refused, rightlyRefused, skipped, connections, ...run }: Outcome): boolean {
  if (skipped !== undefined) return true
  if (refused !== undefined) return rightlyRefused === true && run.trouble.length === 0
  const bad = [run.wrong, run.crashed, run.failures, run.lost ?? [], run.trouble]
  return run.right === connections && run.hung === 0 && bad.every(({ length }) => length === 0)
}

const few = (list: readonly string[]): string => {
  const kinds = [...new Set(list.map((each) => each.replace(/client-\d+/g, 'client-N')))]
  return kinds.slice(0, 3).join('; ') + (kinds.length > 3 ? `; ${kinds.length - 3} more` : '')
}

/** What is to be said about it, in words; nothing for a run without fault. */
export function inWords(run: Outcome): string {
  if (run.skipped !== undefined) return `skipped: ${run.skipped}`
  const parts = [
    run.refused === undefined ? '' : `refused: ${run.refused}`,
    run.wrong.length > 0 ? `wrong: ${few(run.wrong)}` : '',
    run.crashed.length > 0 ? `crashed: ${few(run.crashed)}` : '',
    run.failures.length > 0 ? `failed: ${few(run.failures)}` : '',
    run.lost !== undefined && run.lost.length > 0 ? `lost or twice: ${run.lost.length} lines` : '',
    few(run.trouble),
  ]
  return parts.filter((part) => part !== '').join('. ')
}
