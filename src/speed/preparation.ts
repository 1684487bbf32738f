/**
 * Makes a supervisor cheap to fork, before it accepts: what its children need is compiled, mapped and frozen. The one door
 * to this room; src/supervisor/birth/supervise.ts goes through it. Only speed depends on any of it.
 */
import { compileUncalled, methodsOf, observe, optimise, optimiseWhole } from '../engine/compile.js'
import { nowMs } from '../libc/clock.js'
import { lightFork, rawFork } from '../libc/process.js'
import { compactHeap, giveBackNewSpace } from './compact-heap.js'
import { freezeMemory } from './freeze.js'
import { useHugeText } from './huge-text.js'
import { ImitableProcesses } from './imitation.js'
import { rehearse, type Subject } from './rehearsal.js'
import { uses } from './switches.js'
import { unlessRefused } from './unless-refused.js'

export { ImitableProcesses }

/** Enough calls for V8 to compile the way of a connection to baseline code and to learn its shapes. */
const REHEARSALS = 40
/** After what is hot was marked for optimisation: a call of each, both ways. */
const OPTIMISED_REHEARSALS = 4
/** Connections between two freezes; most also collect garbage, so that V8 never starts to, which would need threads. */
const FREEZE_EVERY = 4096
/** Of a program that holds much it takes longer than its clients should wait: 0.2 s for 90 MB. */
const USUAL_BYTES = 48 * 1024 * 1024
/** The first comes soon: by then everything that happens once for a connection has happened. */
const FIRST_FREEZE = 64
/** The second so many connections later, and not before what happens once a second has happened too. */
const SECOND_FREEZE = 256
const SETTLED_MS = 2500

/** How to fork for a connection. @param lightly whether the child can do without fork handlers */
export const forkFor = (lightly: boolean): (() => number) => (lightly && uses('light-fork') ? lightFork : rawFork)

/** For workers, which come back from the kernel to cold caches at every message. */
export const prepareForWorkers = (): void => void unlessRefused(useHugeText)

/** For a supervisor that forks for each connection. */
export function prepareForConnections(subject: Subject): void {
  unlessRefused(useHugeText)
  if (!uses('rehearsal')) return
  giveBackNewSpace()
  unlessRefused(() => learn(subject))
}

function learn(subject: Subject): void {
  const hot = [...methodsOf(ImitableProcesses), freezeAgain, ...subject.hot]
  observe(hot)
  subject.practise()
  compileUncalled(subject.uncalled)
  rehearse(subject, REHEARSALS)
  // twice: what one learns may invalidate what another was compiled from
  if (uses('optimisation'))
    for (let pass = 0; pass < 2; pass++) optimise(hot, () => rehearse(subject, OPTIMISED_REHEARSALS))
  if (uses('whole-roots')) optimiseWhole(subject.roots, () => rehearse(subject, OPTIMISED_REHEARSALS))
  rehearse(subject, OPTIMISED_REHEARSALS)
}

/** Once everything is in its place. */
export function freezeNow(): void {
  freezeAt = FIRST_FREEZE
  settledMs = nowMs() + SETTLED_MS
  unlessRefused(compactHeap)
  freeze(true)
}

function freeze(collecting: boolean): void {
  unlessRefused(() => {
    bytesFrozen = freezeMemory(collecting)
  })
}

/** More connections than there ever are; a small integer to V8. */
const NEVER = 1_000_000_000
/** At first at once, in a rehearsal, so that V8 knows what is called then. */
let freezeAt = 0
let freezes = 0
let settledMs = NEVER
let bytesFrozen = 0

/** Called between turns, with the connections accepted so far: freezes again from time to time what was written since. */
export function freezeAgain(accepted: number): void {
  if (accepted >= freezeAt) whenDue(accepted)
}

function whenDue(accepted: number): void {
  if (settledMs === NEVER) freezeAt = NEVER
  else if (freezes === 1 && nowMs() < settledMs) freezeAt = accepted + SECOND_FREEZE
  else {
    freezeAt = accepted + (++freezes === 1 ? SECOND_FREEZE : FREEZE_EVERY)
    // the second comes too soon for any garbage: it is collected all the same where that is quick, as what V8 writes to meanwhile is moved
    freeze(freezes !== 2 || bytesFrozen <= USUAL_BYTES)
  }
}
