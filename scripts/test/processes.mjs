/** Processes found by a mark in their environment, wherever they hang in the tree. */
import { readdirSync, readFileSync } from 'node:fs'

function attempt(look) {
  try {
    return look()
  } catch {
    return undefined // it ended while we looked, or is somebody else's
  }
}

const describe = (pid) =>
  attempt(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
    ?.replaceAll('\0', ' ')
    .trim()

/** Living processes whose environment holds the mark. */
export function marked(mark) {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) =>
      attempt(() => readFileSync(`/proc/${pid}/environ`, 'utf8'))
        ?.split('\0')
        .includes(mark),
    )
    .map((pid) => ({ pid: Number(pid), command: describe(pid) ?? '' }))
}

/** Kills them, and what they start meanwhile. */
export function killMarked(mark) {
  for (let round = 0; round < 50; round++) {
    const found = marked(mark)
    if (found.length === 0) return
    for (const { pid } of found) attempt(() => process.kill(pid, 'SIGKILL'))
  }
}
