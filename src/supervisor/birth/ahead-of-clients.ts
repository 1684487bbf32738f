/** A supervisor that forks ahead of its clients. */
import { endByExit } from '../../engine/ending.js'
import { runs } from '../../fork/descriptors.js'
import { lookForPlenty } from '../../fork/plenty.js'
import { O_CLOEXEC } from '../../libc/constants.js'
import { pipe2, setNonBlocking } from '../../libc/fd.js'
import { lightFork } from '../../libc/process.js'
import { interruptOnly, signalMask } from '../../libc/signal.js'
import * as speed from '../../speed/preparation.js'
import { Spares } from '../ahead/spares.js'
import { LEAVE_IF_IDLE } from '../ahead/surplus.js'
import { createLog } from '../log.js'
import type { AheadPlan } from '../plan.js'
import type { AheadOfClients, Supervised } from '../supervised.js'
import { Supervisor } from '../supervisor.js'
import { type Belongings, hangUp, maskOf, NO_CHANNEL, NOTHING, planOf, setupOf } from './belongings.js'
import { hotAhead, rootsAhead } from './hot-functions.js'
import { rehearse } from './rehearse.js'
import { ANY_REQUESTS, NONE_AHEAD, OneAhead, REHEARSED_REQUESTS } from './rehearse-ahead.js'
import { whenLooked } from './when-looked.js'

/** The supervisor forks workers, which accept. */
export function forClientsToCome(belongings: Belongings, server: Supervised, ahead: AheadOfClients): Supervisor {
  const { birth, others, prepared, board, scores } = belongings
  const { rehearsal, work, limits, requests, revives, mayForkLightly } = ahead
  const fork = speed.forkFor(mayForkLightly)
  ahead.forkedLightly(fork === lightFork)
  const ends = server.onConnectionEnd === undefined ? undefined : pipe2(O_CLOEXEC)
  if (ends !== undefined) setNonBlocking(ends[0], true)
  const spares = new Spares(board.sparesWords)
  interruptOnly(LEAVE_IF_IDLE)
  if (revives) endByExit()
  const processes = new speed.ImitableProcesses(
    revives ? whenLooked(fork, NO_CHANNEL) : fork,
    setupOf(
      runs([...others, spares.heard, ...(ends?.slice(0, 1) ?? []), ...prepared.closeInConnections]),
      maskOf(belongings),
      scores.serving,
    ),
    setupOf(NOTHING, signalMask(), scores.own, 0, birth.launcher),
  )
  /** One literal for rehearsals and what comes after, as in `planOf`. */
  const supervisorOf = (
    own: Omit<AheadPlan, 'spares' | 'ends' | 'requests' | 'work'>,
    control: number,
    real: boolean,
  ): Supervisor =>
    new Supervisor(
      planOf(belongings, server, {
        control,
        listening: [],
        wayBack: NO_CHANNEL,
        introductions: NO_CHANNEL,
        ahead: {
          limits: own.limits,
          spares,
          ends: real ? ends : undefined,
          listening: own.listening,
          requests,
          mostRequests: own.mostRequests,
          work,
        },
        services: real ? prepared.services : [],
        processes,
        serve: hangUp,
        beforeTurn: speed.freezeAgain,
        log: real ? server.log : quiet,
      }),
    )
  const quiet = createLog('silent')
  if (revives) lookForPlenty()
  rehearse(rehearsal, server, board, {
    hot: hotAhead,
    roots: rootsAhead,
    processes,
    supervisor(control, listener) {
      const own = { limits: NONE_AHEAD, listening: [listener], mostRequests: REHEARSED_REQUESTS }
      return new OneAhead(supervisorOf(own, control, false), spares, listener.fd)
    },
  })
  spares.forgetPast()
  const supervisor = supervisorOf(
    { limits, listening: server.listening, mostRequests: ANY_REQUESTS },
    birth.control,
    true,
  )
  speed.freezeNow()
  return supervisor
}
