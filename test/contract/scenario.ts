/** What a scenario of the server contract is. */
import { POLLERS, type PollerName } from '../../src/reactor/poller.js'
import type { Model } from '../../src/server/options.js'
import type { TestServer } from '../harness/server.js'

export interface Scenario {
  /** A sentence that is true of every server. */
  name: string
  /** Talks to a server of test/fixtures/contract.ts; fails when it does not keep the contract. */
  run(server: TestServer): Promise<void>
  /** The scenario ends the server, so it gets one of its own. */
  ends?: boolean
  /** Served to several clients at the same time. */
  concurrent?: boolean
}

/** A way to serve, with what cannot hold for it and why. */
export interface Variant {
  model: Model
  poller?: PollerName
  /** Of model prefork. */
  maxRequests?: number
  skip?: { reason: string; which(scenario: Scenario): boolean }
}

export const styles = ['callbacks without a loop', 'callbacks in Node’s loop', 'an async function'] as const

export const variants: readonly Variant[] = [
  {
    model: 'single',
    skip: {
      reason: 'by design: model single serves one connection after another',
      which: (scenario) => scenario.concurrent === true,
    },
  },
  { model: 'fork' },
  { model: 'prefork' },
  { model: 'prefork', maxRequests: 1 },
  ...POLLERS.map((poller) => ({ model: 'multiplex', poller }) as const),
]
