/** The parts of a supervisor that those who fork its processes act on. */
import type { BlockingReactor } from '../reactor/blocking-reactor.js'
import type { FromSupervisor } from './channel.js'
import type { Children } from './children.js'
import type { ConnectionRoll } from './connection-roll.js'
import type { SupervisorPlan } from './plan.js'
import type { Watchdog } from './watchdog.js'

export interface Surroundings {
  readonly plan: SupervisorPlan
  readonly reactor: BlockingReactor
  readonly children: Children
  readonly watchdog: Watchdog
  readonly roll: ConnectionRoll
  readonly send: (message: FromSupervisor) => void
  /** Descriptors that are the supervisor's alone. */
  readonly reports: readonly number[]
}
