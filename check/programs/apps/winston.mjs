import { join } from 'node:path'
import winston from 'winston'

let logger
export function open() {
  const filename = join(process.env.CHECK_FOLDER, 'lines')
  logger = winston.createLogger({
    transports: [new winston.transports.Console(), new winston.transports.File({ filename })],
  })
}
export function ask(id) {
  logger.info(`says ${id}.`)
  return id
}
