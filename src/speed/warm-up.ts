/** Makes a supervisor cheap to fork, before it opens its doors: what its children need is compiled, gathered and frozen. */

import { type Compilable, keepCompiled, methodsOf, observe, optimise, optimiseWhole } from '../engine/compile.js'
import { decodeSockaddr } from '../libc/address.js'
import { close, read } from '../libc/fd.js'
import { PollSet } from '../libc/poll.js'
import { lightFork, waitpid } from '../libc/process.js'
import { readSignals } from '../libc/signal.js'
import { accept4, acceptedPeer } from '../libc/socket.js'
import { PollReactor } from '../reactor/poll-reactor.js'
import { Doorman } from '../supervisor/acceptor.js'
import { Children } from '../supervisor/children.js'
import { Door } from '../supervisor/listening-socket.js'
import { reapAll } from '../supervisor/reaper.js'
import { Supervisor } from '../supervisor/supervisor.js'
import { freezeMemory } from './freeze.js'
import { gatherHeap } from './gather.js'
import { useHugeText } from './huge-text.js'
import { Stage } from './stage.js'
import { takes } from './switches.js'

/** Enough calls for V8 to compile the way of a connection to baseline code and to learn its shapes. */
const REHEARSALS = 40
/** After what is hot was marked for optimisation: a call of each, both ways. */
const OPTIMISED_REHEARSALS = 4

/** What runs in the supervisor for every connection. */
const hot: readonly Compilable[] = [
  ...Supervisor.hot,
  ...methodsOf(Stage),
  ...methodsOf(Children, ['all']),
  ...methodsOf(Doorman, ['putBack', 'shut', 'open', 'close']),
  ...methodsOf(Door, ['rest', 'shut', 'open', 'close']),
  ...methodsOf(PollReactor, ['after', 'run']),
  ...methodsOf(PollSet),
  accept4,
  acceptedPeer,
  decodeSockaddr,
  lightFork,
  reapAll,
  readSignals,
  read,
  close,
  waitpid,
]

/**
 * @param rehearse serves so many clients of our own
 * @param more what else is hot
 * @param roots of these, what the others are called by
 */
export function warmUp(
  rehearse: (rounds: number) => void,
  more: readonly Compilable[],
  roots: readonly Compilable[],
): void {
  keepCompiled()
  useHugeText()
  if (!takes('rehearsal')) return
  const all = [...hot, ...more]
  observe(all)
  rehearse(REHEARSALS)
  // twice: what one learns may invalidate what another was compiled from
  for (let pass = 0; pass < 2; pass++) optimise(all, () => rehearse(OPTIMISED_REHEARSALS))
  optimiseWhole([...Supervisor.hot, PollReactor.prototype.turn, ...roots], () => rehearse(OPTIMISED_REHEARSALS))
  rehearse(OPTIMISED_REHEARSALS)
}

/** Once nothing is rehearsed any more. */
export function settleMemory(): void {
  gatherHeap()
  freezeMemory()
}
