/** poll(2), and when it last returned: how long its process has been at work since. */
import { nowMs } from '../libc/clock.js'
import { PollPoller } from './pollers/poll.js'

export class TimedPoller extends PollPoller {
  #wokeMs = nowMs()

  override wait(timeoutMs: number): number {
    const count = super.wait(timeoutMs)
    this.#wokeMs = nowMs()
    return count
  }

  get atWorkMs(): number {
    return nowMs() - this.#wokeMs
  }
}
