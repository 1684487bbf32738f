/** One contract for every way to serve: each scenario against each model and each style of handler. */
import { test } from 'node:test'
import { fixture } from '../harness/program.js'
import { withServer } from '../harness/server.js'
import { styles, variants } from './scenario.js'
import { scenarios } from './scenarios.js'

for (const { model, poller, maxRequests, skip } of variants)
  for (const style of styles)
    test(`model ${[model, poller].filter(Boolean).join(' over ')}${maxRequests === 1 ? ', a process each' : ''}, ${style}`, async (t) => {
      const launch = fixture('contract.js', { model, poller, maxRequests, drainTimeoutMs: 5000 }, style)
      await withServer(launch, async (server) => {
        for (const scenario of scenarios) {
          if (scenario.ends === true) continue
          const reason = skip?.which(scenario) === true ? skip.reason : false
          await t.test(scenario.name, { skip: reason }, () => scenario.run(server))
        }
      })
      for (const scenario of scenarios)
        if (scenario.ends === true) await t.test(scenario.name, () => withServer(launch, (own) => scenario.run(own)))
    })
