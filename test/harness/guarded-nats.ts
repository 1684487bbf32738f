/** A broker that not everybody may reach, and a store before it. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeAuthority, makeCertificate, noOpenssl } from './authority.js'
import { withFolder } from './folder.js'
import { Nats, noNats } from './nats.js'
import { descendantsOf, titleOf } from './proc.js'
import { type Launch, tined } from './program.js'
import type { TestServer } from './server.js'

export const guarded = { skip: noNats || noOpenssl }

export const SECRET = 'opensesame'
export const USER = `authorization { user: me, password: ${SECRET} }\n`
export const TOKEN = `authorization { token: ${SECRET} }\n`

/** Runs a test with a broker whose file is this, and its folder. Written anew, it holds from the next start on. */
export async function withBroker(
  configuration: (folder: string) => string,
  test: (nats: Nats, folder: string, configure: (text: string) => Promise<void>) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const file = join(folder, 'nats.conf')
    writeFileSync(file, configuration(folder))
    const nats = await new Nats('-c', file).start()
    const configure = async (text: string): Promise<void> => {
      await nats.kill()
      writeFileSync(file, text)
      await nats.start()
    }
    await test(nats, folder, configure).finally(() => nats.end())
  })
}

/** @param to may have a secret: it is given as a variable */
export const storing = (to: string, folder: string, ...args: string[]): Launch => ({
  ...tined('store', '--listen', '127.0.0.1:0', '--log', 'json', '--spool', join(folder, 'spool'), ...args),
  env: { TINED_TO: to },
})

/** An encrypting broker's file. */
export function encrypting(folder: string, authority: string, alternative = 'IP:127.0.0.1'): string {
  makeAuthority(folder, authority)
  const certificate = makeCertificate(folder, authority, `server-of-${authority}`, alternative)
  return `tls { cert_file: "${certificate}", key_file: "${certificate.replace('.pem', '.key')}" }\n`
}

export async function echoes(server: TestServer, text: string): Promise<void> {
  const client = await server.connect()
  client.send(`${text}\n`)
  assert.equal(await client.takeText(text.length + 1), `${text}\n`)
  client.close()
}

/** What ps(1) shows of a server, and what it logs. */
export const shown = (server: TestServer): string =>
  [server.pid, ...descendantsOf(server.pid)].map(titleOf).concat(server.stdout, server.stderr).join('\n')

export const inFile = (folder: string, text: string): string => {
  const file = join(folder, 'secret')
  writeFileSync(file, text)
  return file
}
