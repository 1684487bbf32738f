/** Uses most of Node and lets go of it: afterwards a process has pools, caches and sockets behind it, and nothing alive. */
import { execFile, spawnSync } from 'node:child_process'
import { pbkdf2, randomBytes, webcrypto } from 'node:crypto'
import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { readFile, stat } from 'node:fs/promises'
import { createServer, get } from 'node:http'
import { Session } from 'node:inspector'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import { gzip } from 'node:zlib'

export async function warmUp(): Promise<void> {
  await Promise.all([useThreadPool(), serveAndFetch(), useWorker(), useChildProcess()])
  process.on('SIGWINCH', () => {}).removeAllListeners('SIGWINCH')
  useInspector()
  await delay(1)
}

async function useThreadPool(): Promise<void> {
  await Promise.all([
    stat('/'),
    readFile(new URL(import.meta.url), { signal: AbortSignal.timeout(10_000) }),
    lookup('localhost'),
    promisify(gzip)('text'.repeat(10_000)),
    promisify(pbkdf2)('secret', 'salt', 1000, 32, 'sha256'),
    promisify(randomBytes)(32),
    webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']),
  ])
}

async function serveAndFetch(): Promise<void> {
  const server = createServer((_request, response) => response.end('hello')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  await (await fetch(url, { headers: { connection: 'close' } })).text()
  const [response] = await once(get(url, { agent: false }), 'response')
  await text(response)
  server.close()
  server.closeAllConnections()
  await once(server, 'close')
}

async function useWorker(): Promise<void> {
  const worker = new Worker('require("node:worker_threads").parentPort.postMessage([1, 2, 3].map(String))', {
    eval: true,
  })
  await once(worker, 'exit')
}

async function useChildProcess(): Promise<void> {
  await promisify(execFile)('true')
  spawnSync('true')
}

function useInspector(): void {
  const session = new Session()
  session.connect()
  session.post('Runtime.evaluate', { expression: '1 + 1' })
  session.disconnect()
}
