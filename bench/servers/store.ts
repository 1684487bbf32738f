// A store for the bench: arguments are the port file, the sink, and the most messages of a batch (0: all that have come).
import { serveApplication } from '../../src/server/serve.js'
import { store } from '../../src/services/store.js'

const [, , portFile = 'store.port', to = 'store.ndjson', most = '0'] = process.argv
const limit = Number(most) === 0 ? {} : { maxBatchMessages: Number(most) }

await serveApplication({ listen: '127.0.0.1:0', model: 'fork', portFile, logLevel: 'warn' }, store({ to, ...limit }))
