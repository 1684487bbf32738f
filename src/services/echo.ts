/** The echo service: every byte goes back. */
import type { Application } from '../server/application.js'

export const echo = (): Application => ({
  handler: { loop: 'none', data: (connection, chunk) => connection.write(chunk) },
  rehearsal: Buffer.from('echo\n'),
})
