/** Asynchronously into a file: what it holds at the end of a process has to be written then. */
import { join } from 'node:path'
import pino from 'pino'

let logger
export async function open() {
  const destination = pino.destination({ dest: join(process.env.CHECK_FOLDER, 'lines'), sync: false })
  logger = pino(destination)
  await new Promise((resolve) => destination.once('ready', resolve))
}
export function ask(id) {
  logger.info(`says ${id}.`)
  return id
}
