/** In a thread of its own. */
import { join } from 'node:path'
import pino from 'pino'

let logger
export async function open() {
  const transport = pino.transport({
    target: 'pino/file',
    options: { destination: join(process.env.CHECK_FOLDER, 'lines') },
  })
  logger = pino(transport)
  await new Promise((resolve) => transport.once('ready', resolve))
}
export function ask(id) {
  logger.info(`says ${id}.`)
  return id
}
