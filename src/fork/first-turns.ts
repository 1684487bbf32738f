/** The first turns of Node's loop in a forked process: what was let go of comes to its end there, before user code runs. */
import { letGoCount } from './let-go.js'

/**
 * One in which libuv finds the ends of streams, one in which their objects tell that they are closed, and one for whoever lets go of
 * something because of that.
 */
const TURNS = 3

/**
 * Calls `start` once what was let go of has ended. What is thrown meanwhile is thrown away: the error of a thing that was let go of
 * (an idle connection of a pool without a listener, say) is no error of the program.
 *
 * Always off the stack of the caller: what `start` throws is uncaught, as it would be from any later callback.
 */
export function afterEndings(start: () => void): void {
  if (letGoCount() === 0) {
    setImmediate(start)
    return
  }
  const swallow = !process.hasUncaughtExceptionCaptureCallback()
  if (swallow) process.setUncaughtExceptionCaptureCallback(() => {})
  let left = TURNS
  const turn = (): void => {
    if (--left > 0) {
      setImmediate(turn)
      return
    }
    if (swallow) process.setUncaughtExceptionCaptureCallback(null)
    start()
  }
  setImmediate(turn)
}
