/** Makes a supervisor cheap to fork, before it opens its doors: what its children need is compiled, gathered and frozen. */
import { decodeSockaddr } from '../posix/address.js'
import { close, read } from '../posix/fd.js'
import { PollSet } from '../posix/poll.js'
import { lightFork, waitpid } from '../posix/process.js'
import { readSignals } from '../posix/signal.js'
import { accept4, acceptedPeer } from '../posix/socket.js'
import { type Compilable, keepCompiled, methodsOf, observe, optimise, optimiseWhole } from '../posix/v8-compile.js'
import { PollReactor } from '../reactor/poll-reactor.js'
import { Children } from './children.js'
import { Door } from './door.js'
import { Doorman } from './doorman.js'
import { freezeMemory } from './freeze.js'
import { gatherHeap } from './gather.js'
import { useHugeText } from './huge-text.js'
import { takes } from './measures.js'
import { reapAll } from './reaper.js'
import { Stage } from './stage.js'
import { Supervisor } from './supervisor.js'

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
