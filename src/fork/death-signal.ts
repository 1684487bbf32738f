/**
 * The kernel forgets that a process is to die with its parent when the process changes its user or group. Here it is reminded.
 * PR_SET_PDEATHSIG(2const)
 */
import { publishReplacements, replaceMethod } from '../engine/replace-method.js'
import { getpid, getppid, parentDeathSignal, setParentDeathSignal, trySignal } from '../libc/process.js'

/** Changes users or groups, and dies with the parent as before. */
export function keepDeathSignal<Result>(change: () => Result): Result {
  const signal = parentDeathSignal()
  if (signal === 0) return change()
  const parent = getppid()
  try {
    return change()
  } finally {
    setParentDeathSignal(signal)
    // it may have died in between
    if (getppid() !== parent) trySignal(getpid(), signal)
  }
}

const CHANGES = ['setuid', 'seteuid', 'setgid', 'setegid'] as const

/** For this process and all that are forked from it: Node's own functions that change users and groups. */
export function keepDeathSignalInNode(): void {
  for (const name of CHANGES)
    replaceMethod(
      process,
      name,
      (original) =>
        function (this: unknown, ...values: unknown[]): unknown {
          return keepDeathSignal(() => Reflect.apply(original, this, values))
        },
    )
  publishReplacements()
}
