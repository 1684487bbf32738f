/** What runs in a blocking reactor over poll(2) for every connection: named for src/speed. */
import { type Compilable, keep, methodsOf } from '../engine/compile.js'
import { PollSet } from '../libc/poll.js'
import { BlockingReactor } from './blocking-reactor.js'
import { Dispatcher, PollerWatch } from './dispatcher.js'
import { PollPoller, wanted } from './pollers/poll.js'
import { ReadyList } from './pollers/ready-list.js'
import { count, show, showIn } from './slot.js'
import { Timers } from './timers.js'

export const hot: readonly Compilable[] = [
  ...methodsOf(BlockingReactor, ['after', 'run', 'close']),
  ...methodsOf(Dispatcher, ['more', 'close']),
  ...methodsOf(PollerWatch, ['more']),
  PollerWatch,
  ...methodsOf(PollPoller, ['close']),
  wanted,
  showIn,
  show,
  count,
  ...methodsOf(ReadyList),
  ...methodsOf(PollSet, ['pollEach']),
  ...methodsOf(Timers, ['size']),
]

// in no reactor
keep(new Timers().add(0, () => {}))

/**
 * Several timers at once, which no rehearsal comes by. A supervisor has some after a second: the first that fires would have V8 give up
 * all that a turn is made of.
 */
export function practise(): void {
  const timers = new Timers()
  // two that are called, for V8 not to take one for the only one there will be
  timers.add(0, () => {})
  timers.add(0, () => {})
  const [first] = [1, 3, 2, 5, 4].map((minutes) => timers.add(minutes * 60_000, () => {}))
  timers.fireDue()
  first?.cancel()
}
