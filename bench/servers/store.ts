// A store for the bench: arguments are its options as JSON, the sink, and the most messages of a batch (0: all that have come).
import type { ServeOptions } from '../../src/index.js'
import { serveApplication } from '../../src/server/serve.js'
import { store } from '../../src/services/store.js'

const [, , options = '{}', to = 'store.ndjson', most = '0'] = process.argv
const limit = Number(most) === 0 ? {} : { maxBatchMessages: Number(most) }
const common: ServeOptions = { listen: '127.0.0.1:0', logLevel: 'warn', ...(JSON.parse(options) as ServeOptions) }

await serveApplication(common, store({ to, ...limit }))
