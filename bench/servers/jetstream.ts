// JetStream alone, for the bench: arguments are a file for the port, how many servers and a folder.
import { writeFileSync } from 'node:fs'
import { startNats } from '../lib/nats.js'

const [, , portFile = '', servers = '3', folder = '.'] = process.argv
const [port] = await startNats(Number(servers), folder)
writeFileSync(portFile, `${port}\n`)
setInterval(() => {}, 60_000)
