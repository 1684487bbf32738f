/** poll(2), and when it last returned: how long its process has been at work since. */
import { PollPoller } from './pollers/poll.js'

export class TimedPoller extends PollPoller {
  #wokeMs = performance.now()

  override wait(timeoutMs: number): number {
    const count = super.wait(timeoutMs)
    this.#wokeMs = performance.now()
    return count
  }

  get atWorkMs(): number {
    return performance.now() - this.#wokeMs
  }
}
