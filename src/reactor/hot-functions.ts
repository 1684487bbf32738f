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
  ...methodsOf(Timers, ['add', 'remove', 'size']),
]

// in no reactor
keep(new Timers().add(0, () => {}))
