/** The other side of test/fixtures/spawning.ts. */
import type { Client } from './client.js'

/** Has the handler start a program; returns the program's pid. */
export async function pidFrom(client: Client, kind: string): Promise<number> {
  client.socket.on('error', () => {})
  let line = await client.send(`${kind}\n`).takeText(1)
  while (!line.endsWith('\n')) line += await client.takeText(1)
  return Number(line)
}
