// A store with a stream behind it, for the bench, and the servers of that: arguments are its options as JSON, how many servers, a folder
// and the durability.
import { join } from 'node:path'
import type { ServeOptions } from '../../src/index.js'
import { serveApplication } from '../../src/server/serve.js'
import { store } from '../../src/services/store.js'
import { startNats } from '../lib/nats.js'

const [, , options = '{}', servers = '1', folder = '.', durability = 'disk'] = process.argv
const common: ServeOptions = { listen: '127.0.0.1:0', logLevel: 'warn', ...(JSON.parse(options) as ServeOptions) }
const ports = await startNats(Number(servers), folder)
const to = `nats://${ports.map((port) => `127.0.0.1:${port}`).join(',')}/messages`
const application = store({ to, spool: join(folder, 'spool'), durability: durability as 'disk' | 'replicated' })

await serveApplication(common, application)
