/** One contract for every way to serve behind a proxy: each scenario against each model and each style of handler. */
import { test } from 'node:test'
import { fixture } from '../harness/program.js'
import { withServer } from '../harness/server.js'
import { FIRST_BYTE_MS, proxied } from './proxied-scenarios.js'
import { styles, variants } from './scenario.js'

for (const { model, poller, maxRequests, skip } of variants)
  for (const style of styles)
    test(`behind a proxy, model ${[model, poller].filter(Boolean).join(' over ')}${maxRequests === 1 ? ', a process each' : ''}, ${style}`, async (t) => {
      const options = { model, poller, maxRequests, proxyProtocol: '127.0.0.1', firstByteTimeoutMs: FIRST_BYTE_MS }
      await withServer(fixture('contract.js', options, style), async (server) => {
        for (const scenario of proxied) {
          const reason = skip?.which(scenario) === true ? skip.reason : false
          await t.test(scenario.name, { skip: reason }, () => scenario.run(server))
        }
      })
    })
