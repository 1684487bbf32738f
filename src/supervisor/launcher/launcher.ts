/**
 * The launcher: the process that the shell, systemd or a container started. Forks the supervisor once, passes signals
 * on, and reports how it ended. Its own event loop stays Node's.
 */
import { forkQuiesced, quiesceToLetGo } from '../../fork/fork.js'
import type { OpenObjects } from '../../fork/open-objects.js'
import { becomeSubreaper, resignAsSubreaper } from '../../fork/orphans.js'
import { closePrivateDescriptors } from '../../fork/private-descriptors.js'
import type { Room } from '../../fork/room.js'
import { SIGKILL, SOCK_CLOEXEC, SOCK_STREAM } from '../../libc/constants.js'
import { close, setNonBlocking } from '../../libc/fd.js'
import { getpid, trySignal, waitpid } from '../../libc/process.js'
import { blockSignals, type SigSet, setSignalMask, sigset } from '../../libc/signal.js'
import { socketpair } from '../../libc/socket.js'
import type { Log } from '../log.js'
import { managedSignals } from '../signals.js'
import { Launched } from './launched.js'
import type { StopSignals } from './stop-signals.js'

/** What the supervisor process is given. */
export interface SupervisorBirth {
  control: number
  launcher: number
  /** What the launcher's program had open. */
  open: OpenObjects
  /** The signal mask from before the launch, for children that run user code. */
  mask: SigSet
}

/**
 * Forks the supervisor. Called from setImmediate.
 *
 * @param supervise runs in the child; when it returns, Node's event loop of that process takes over
 * @param room what the server needs to start
 * @returns the running supervisor in the launcher, undefined in processes that were forked
 * @throws {ForkRefused} when forking would be unsafe
 * @throws {PosixError} EMFILE, EAGAIN, …; then everything is as it was before
 * @throws {NoRoom} when there is less room than the server needs to start
 */
export function launch(
  supervise: (birth: SupervisorBirth) => void,
  signals: StopSignals,
  log: Log,
  room: Room,
): Launched | undefined {
  const launcher = getpid()
  const [ours, theirs] = controlChannel()
  const undo: (() => void)[] = [() => close(ours)]
  try {
    let pid: number
    let birth: Omit<SupervisorBirth, 'control' | 'launcher'>
    try {
      const open = quiesceToLetGo(room)
      // blocked until both sides are ready to take them: none is lost, none kills a half-made server
      const mask = blockSignals(sigset(managedSignals))
      undo.push(() => setSignalMask(mask))
      birth = { open, mask }
      becomeSubreaper()
      undo.push(resignAsSubreaper)
      pid = forkQuiesced()
    } catch (error) {
      close(theirs)
      throw error
    }
    if (pid === 0) {
      close(ours)
      closePrivateDescriptors()
      supervise({ ...birth, control: theirs, launcher })
      return undefined
    }
    close(theirs)
    undo.push(() => endUnborn(pid))
    const launched = new Launched(pid, ours, signals, log)
    setSignalMask(birth.mask)
    return launched
  } catch (error) {
    if (getpid() === launcher) for (const step of undo.reverse()) step()
    throw error
  }
}

function controlChannel(): [ours: number, theirs: number] {
  const [ours, theirs] = socketpair(SOCK_STREAM | SOCK_CLOEXEC)
  setNonBlocking(ours, true)
  setNonBlocking(theirs, true)
  return [ours, theirs]
}

/** A supervisor that nobody can watch over. */
function endUnborn(pid: number): void {
  trySignal(pid, SIGKILL)
  waitpid(pid)
}
