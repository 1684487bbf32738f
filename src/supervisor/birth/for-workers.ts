import { _exit } from '../../libc/process.js'
import * as speed from '../../speed/preparation.js'
import type { Supervised } from '../supervised.js'
import { Supervisor } from '../supervisor.js'
import { type Belongings, hangUp, NO_CHANNEL, planOf, setupOf } from './belongings.js'

/** Workers accept; the supervisor only watches over them. */
export function forWorkers(belongings: Belongings, server: Supervised): Supervisor {
  speed.prepareForWorkers()
  const { birth, prepared } = belongings
  const processes = { fork: () => -1, exit: _exit, setup: setupOf([], birth.mask, undefined) }
  const { control } = birth
  const { log } = server
  return new Supervisor(
    planOf(belongings, server, {
      control,
      listening: [],
      wayBack: NO_CHANNEL,
      introductions: NO_CHANNEL,
      ahead: undefined,
      services: prepared.services,
      processes,
      serve: hangUp,
      beforeTurn: speed.freezeAgain,
      log,
    }),
  )
}
