/** A supervisor that forks for each connection. */
import { endByExit } from '../../engine/ending.js'
import { runs } from '../../fork/descriptors.js'
import { lookForPlenty } from '../../fork/plenty.js'
import { SIGURG } from '../../libc/constants.js'
import { lightFork } from '../../libc/process.js'
import { signalMask, sigset, sigsetMembers } from '../../libc/signal.js'
import * as speed from '../../speed/preparation.js'
import { forgetIntroductions, hot as hotInIntroductions } from '../introductions.js'
import { createLog } from '../log.js'
import type { PerConnection, Supervised } from '../supervised.js'
import { Supervisor } from '../supervisor.js'
import { type Belongings, hangUp, NO_CHANNEL, NOTHING, planOf, setupOf } from './belongings.js'
import { hot, roots } from './hot-functions.js'
import { rehearse } from './rehearse.js'
import { whenLooked } from './when-looked.js'

/** The supervisor accepts, and forks for each connection. */
export function forConnections(belongings: Belongings, server: Supervised, connections: PerConnection): Supervisor {
  const { birth, others, listeners, prepared, board, scores, wayBack, introductions } = belongings
  const { rehearsal, serve, revives, introduces, mayForkLightly } = connections
  const fork = speed.forkFor(mayForkLightly)
  connections.forkedLightly(fork === lightFork)
  const foreign = runs([...others, ...listeners, ...prepared.closeInConnections])
  const processes = new speed.ImitableProcesses(
    revives ? whenLooked(fork, wayBack) : fork,
    // by which they are told of a drain, if they want to know
    setupOf(foreign, sigset([...sigsetMembers(birth.mask), SIGURG]), scores.serving),
    setupOf(NOTHING, signalMask(), scores.own, 0, birth.launcher),
  )
  const quiet = createLog('silent')
  if (revives) endByExit()
  const rehearsed = rehearsal.sample === undefined ? hangUp : serve
  if (revives) lookForPlenty()
  rehearse(rehearsal, server, board, {
    hot: introduces ? [...hot, ...hotInIntroductions] : hot,
    roots,
    processes,
    supervisor: (control, listener) =>
      new Supervisor(
        planOf(belongings, server, {
          control,
          listening: [listener],
          wayBack: NO_CHANNEL,
          introductions,
          ahead: undefined,
          services: [],
          processes,
          serve: rehearsed,
          beforeTurn: speed.freezeAgain,
          log: quiet,
        }),
      ),
  })
  forgetIntroductions(introductions)
  // before memory is frozen, so that what it is made of has its place then
  const { control } = birth
  const { listening, log } = server
  const supervisor = new Supervisor(
    planOf(belongings, server, {
      control,
      listening,
      wayBack,
      introductions,
      ahead: undefined,
      services: prepared.services,
      processes,
      serve,
      beforeTurn: speed.freezeAgain,
      log,
    }),
  )
  speed.freezeNow()
  return supervisor
}
