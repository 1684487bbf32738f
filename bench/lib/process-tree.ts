import { readdirSync, readFileSync } from 'node:fs'

export interface Process {
  readonly pid: number
  readonly parent: number
  readonly session: number
  // In clock ticks since boot: with the pid, an identity that a later process cannot share.
  readonly started: string
  readonly zombie: boolean
}

/** Reads one process, or undefined when it is gone. */
export function readProcess(pid: number): Process | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The name, in parentheses, may itself hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return {
      pid,
      parent: Number(fields[1]),
      session: Number(fields[3]),
      started: fields[19] ?? '',
      zombie: fields[0] === 'Z',
    }
  } catch {
    return undefined
  }
}

function everyProcess(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readProcess(Number(name)))
    .filter((process) => process !== undefined)
}

/**
 * Lists the leader and all its descendants, zombies left out. A server is started as the leader of a session, which finds
 * those whose parent has died; the parent links find those that made a session of their own.
 */
export function processTree(leader: Process): Process[] {
  const processes = everyProcess()
  // A pid is only given out again once its session is empty: then nothing of this server is left.
  if (processes.some(({ pid, started }) => pid === leader.pid && started !== leader.started)) return []
  const members = new Set([leader.pid])
  for (let before = 0; before !== members.size; ) {
    before = members.size
    for (const { pid, parent, session } of processes) {
      if (session === leader.pid || members.has(parent)) members.add(pid)
    }
  }
  return processes.filter(({ pid, zombie }) => members.has(pid) && !zombie)
}

/** Reports whether this very process, not a later one with the same pid, still runs. */
export function alive({ pid, started }: Process): boolean {
  const process = readProcess(pid)
  return process !== undefined && !process.zombie && process.started === started
}
