/** The echo service: every byte goes back. */
import type { RehearsedApplication } from '../server/application.js'

export const echo = (): RehearsedApplication => ({
  handler: { loop: 'none', data: (connection, chunk) => connection.write(chunk) },
  rehearsal: { sample: Buffer.from('echo\n') },
})
