/** What a client does with a server of the course, and what can be seen of it. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { Client } from '../harness/client.js'
import { until } from '../harness/until.js'
import type { Run } from './run.js'

/** Connects to the port that the server says it listens on. */
export const connect = async (run: Run): Promise<Client> => Client.connect(`127.0.0.1:${await run.port()}`)

/** Sends a line and takes it back. */
export const echoed = async (client: Client, line: string): Promise<void> =>
  assert.equal(await client.exchange(line), line)

/** Waits until the file holds this. */
export const stored = (run: Run, text: string): Promise<true> =>
  until(`the file ${JSON.stringify(text)}`, () => existsSync(run.file) && readFileSync(run.file, 'utf8') === text)

/** Half-closes, sees the server close too, and waits until it says so. */
export async function leave(client: Client, run: Run, said: string, times: number): Promise<void> {
  await client.end().rest()
  client.close()
  await until(`${said}, ${times} times`, () => run.stdout.split(said).length - 1 === times)
}

export const stop = (run: Run): void => void process.kill(run.pid, 'SIGTERM')
