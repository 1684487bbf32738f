/**
 * How a connection process learns that the server drains: by SIGURG, which it is forked with blocked. It stays pending until somebody
 * wants to know, and costs those who do not nothing.
 */
import { SIGURG } from '../../../libc/constants.js'
import { close } from '../../../libc/fd.js'
import { readSignals, signalfd, sigset } from '../../../libc/signal.js'
import { READABLE, type Reactor } from '../../../reactor/reactor.js'
import type { Drain } from '../../connection/drain.js'

export const drainSignal: Drain = {
  listen(reactor: Reactor, told: () => void): () => void {
    const signals = signalfd(sigset([SIGURG]))
    let listening = true
    const stop = (): void => {
      if (!listening) return
      listening = false
      watch.stop()
      close(signals)
    }
    const watch = reactor.watch(signals, READABLE, () => {
      if (readSignals(signals).length === 0) return
      stop()
      told()
    })
    return stop
  },
}
