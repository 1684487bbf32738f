/** Debian's Chromium, and what is looked for on a page. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import axe from 'axe-core'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

const CHROMIUM = '/usr/bin/chromium'

/** Why tests in a browser are skipped; false where there is one. */
export const noChromium = existsSync(CHROMIUM) ? false : 'no browser: apt-get install chromium'

export const startBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: CHROMIUM,
    args: [
      ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ],
  })

/** Opens it, runs the test, and asserts that it asked nobody else for anything and that the browser had nothing to complain of. */
export async function withTab(
  browser: Browser,
  url: string,
  options: BrowserContextOptions,
  test: (tab: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-US', ...options })
  try {
    const tab = await context.newPage()
    tab.setDefaultTimeout(8000)
    const complaints: string[] = []
    tab.on('request', (request) => {
      if (!request.url().startsWith(url)) complaints.push(`asked for ${request.url()}`)
    })
    tab.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
    })
    tab.on('pageerror', (error) => complaints.push(String(error)))
    await tab.goto(url)
    await test(tab)
    assert.deepEqual(complaints, [])
  } finally {
    await context.close()
  }
}

/** What axe finds that is serious or worse, each with where. */
export async function seriousFindings(tab: Page): Promise<string[]> {
  await tab.evaluate(axe.source)
  const { violations } = (await tab.evaluate('axe.run()')) as axe.AxeResults
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map(({ target, failureSummary }) => `${target}: ${failureSummary}`).join('; ')}`,
    )
}

/** By how much the page is wider than the window. */
export const overhangPx = (tab: Page): Promise<number> =>
  tab.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
