/** The other side of test/fixtures/spawning.ts and planting.ts. */
import type { Client } from './client.js'
import { statOf } from './proc.js'
import { until } from './until.js'

/** Has the handler start a program; returns the program's pid. */
export async function pidFrom(client: Client, kind: string): Promise<number> {
  client.socket.on('error', () => {})
  let line = await client.send(`${kind}\n`).takeText(1)
  while (!line.endsWith('\n')) line += await client.takeText(1)
  return Number(line)
}

/** Has the handler of planting.ts fill a pipe while the child that reads from it is stopped. @param look at it; is given the child */
export async function fillPipe(client: Client, bytes: number, look: (reader: number) => Promise<void>): Promise<void> {
  const reader = await pidFrom(client, 'pipe')
  await until('it reads', () => statOf(reader)?.state === 'S')
  process.kill(reader, 'SIGSTOP')
  try {
    await until('it is stopped', () => statOf(reader)?.state === 'T')
    await pidFrom(client, `fill ${bytes}`)
    await look(reader)
  } finally {
    process.kill(reader, 'SIGCONT')
  }
}
