/** `tined page` under test: its address, requests, and its end. */
import assert from 'node:assert/strict'
import http from 'node:http'
import type { ServerShot, Snapshot } from '../../src/page/shapes.js'
import { descendantsOf } from './proc.js'
import { Program, tined } from './program.js'
import { until } from './until.js'

export interface Answer {
  status: number
  headers: http.IncomingHttpHeaders
  text: string
}

/** One request on a connection of its own. */
export function ask(url: string, options: http.RequestOptions = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { agent: false, ...options }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
      response.on('error', reject)
    })
    request.on('error', reject).end()
  })
}

const READY_MS = 15_000

export class TestPage extends Program {
  url = ''

  async becomeReady(): Promise<void> {
    const url = (): string | undefined => {
      if (this.ended !== undefined) throw new Error(`ended early: ${this.stderr}`)
      return /^tined page: (http:\S+)$/m.exec(this.stdout)?.[1]
    }
    this.url = await until('the page listens', url, READY_MS)
  }

  ask(path: string, options: http.RequestOptions = {}): Promise<Answer> {
    return ask(new URL(path, this.url).href, options)
  }

  async snapshot(): Promise<Snapshot> {
    return JSON.parse((await this.ask('/api/snapshot')).text) as Snapshot
  }

  /** The only server there is, once it is as wanted. */
  server(what: string, isWanted: (server: ServerShot) => boolean): Promise<ServerShot> {
    return until(what, async () => {
      const { servers } = await this.snapshot()
      assert.equal(servers.length, 1)
      return servers.find(isWanted)
    })
  }
}

/** Starts a page, runs the test with it, ends it with SIGTERM, and asserts a clean end. */
export async function withPage(args: readonly string[], test: (page: TestPage) => Promise<void>): Promise<void> {
  const page = new TestPage(tined('page', '--listen', '127.0.0.1:0', '--refresh-ms', '100', ...args))
  try {
    await page.becomeReady()
    await test(page)
    if (page.ended === undefined) {
      process.kill(page.pid, 'SIGTERM')
      assert.deepEqual(await page.finished(), { code: 0, signal: null }, page.stderr)
      assert.equal(page.stderr, '')
    }
  } finally {
    // its processes hold this one's pipes open
    if (page.ended === undefined) for (const pid of [...descendantsOf(page.pid), page.pid]) process.kill(pid, 'SIGKILL')
  }
}
