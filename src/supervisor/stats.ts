/** A server's counters, as the launcher is told. */
import { getpid } from '../libc/process.js'
import type { Stats } from './channel.js'
import type { Children } from './children.js'
import type { Scoreboard } from './scoreboard.js'

export function statsOf(
  children: Children,
  board: Scoreboard,
  server: Pick<Stats, 'state' | 'connections' | 'accepted' | 'idle'>,
): Stats {
  const { forked, running, reaped, adopted } = children
  const services = [...children.all()].filter(({ role }) => role !== 'connection' && role !== 'prefork')
  return {
    supervisor: getpid(),
    forked,
    running,
    reaped,
    adopted,
    ...server,
    ...board.traffic,
    services: services.map(({ role, pid }) => ({ role, pid })),
  }
}
