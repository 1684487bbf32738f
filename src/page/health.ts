/** Whether this process answers, and whether there is a server whose supervisor can work. */
import type { ServerShot, Snapshot } from './shapes.js'

export interface Answer {
  status: 200 | 503
  text: string
}

export const health = (): Answer => ({ status: 200, text: 'this page answers\n' })

/** Undefined when all is well. */
function trouble({ supervisor, root, processes }: ServerShot): string | undefined {
  if (supervisor === undefined) return `process ${root} is no server of Tined`
  const state = processes.find(({ pid }) => pid === supervisor)?.state
  if (state === undefined) return `supervisor ${supervisor} is gone`
  return ['stopped', 'traced', 'zombie', 'dead'].includes(state)
    ? `supervisor ${supervisor} is in state ${state}`
    : undefined
}

export function readiness({ servers, problem }: Snapshot): Answer {
  const troubles = servers.flatMap((server) => trouble(server) ?? [])
  const [first] = troubles
  if (problem !== undefined) return { status: 503, text: `not ready: ${problem}\n` }
  if (first !== undefined) return { status: 503, text: `not ready: ${troubles.join('; ')}\n` }
  if (servers.length === 0)
    return { status: 503, text: 'not ready: no server of Tined is running that this user can see\n' }
  const names = servers.map(({ listening, supervisor }) => listening.join(', ') || `supervisor ${supervisor}`)
  return { status: 200, text: `ready: ${names.join('; ')}\n` }
}
