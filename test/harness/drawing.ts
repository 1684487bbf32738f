/** What tests of the page in a browser have in common. */
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { seriousFindings } from './browser.js'
import type { Client } from './client.js'
import { statOf } from './proc.js'
import type { TestServer } from './server.js'
import { until } from './until.js'

/** The button of a process in the drawing. */
export const boxOf = (tab: Page, pid: number): ReturnType<Page['locator']> =>
  tab.locator(`.drawing button[data-pid="${pid}"]`)

export async function connected(server: TestServer, count: number): Promise<Client[]> {
  const clients = await Promise.all(Array.from({ length: count }, () => server.connect()))
  for (const client of clients) {
    client.socket.on('error', () => {})
    await client.exchange('hello')
  }
  return clients
}

/** Of two signals that wait a process takes the one with the lower number first: it is to be stopped by then. */
export async function stopAndTell(pid: number, signal: NodeJS.Signals): Promise<void> {
  process.kill(pid, 'SIGSTOP')
  await until('it is stopped', () => statOf(pid)?.state === 'T')
  process.kill(pid, signal)
}

/** Light and dark, as the browser wants it; axe finds nothing serious in either. */
export async function inBothColours(tab: Page): Promise<void> {
  const colour = (): Promise<string> => tab.evaluate('getComputedStyle(document.body).backgroundColor')
  const found: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await tab.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    found.push(await colour())
    assert.deepEqual(await seriousFindings(tab), [], colorScheme)
  }
  assert.deepEqual(found, ['rgb(243, 245, 248)', 'rgb(13, 17, 23)'])
}
