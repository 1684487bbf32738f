// A store for the bench: arguments are options of the server as JSON, the sink, and options of the store as JSON.
import type { ServeOptions } from '../../src/index.js'
import { serveApplication } from '../../src/server/serve.js'
import { type StoreOptions, store } from '../../src/services/store.js'

const [, , options = '{}', to = 'store.ndjson', ofStore = '{}'] = process.argv
const common: ServeOptions = { listen: '127.0.0.1:0', logLevel: 'warn', ...(JSON.parse(options) as ServeOptions) }

await serveApplication(common, store({ to, ...(JSON.parse(ofStore) as Omit<StoreOptions, 'to'>) }))
