/** The page in a real browser. `npm run docs:page` keeps the picture that one of these tests takes. */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { noChromium, overhangPx, seriousFindings, startBrowser, withTab } from '../harness/browser.js'
import type { Client } from '../harness/client.js'
import { boxOf, connected, inBothColours, stopAndTell } from '../harness/drawing.js'
import { withPage } from '../harness/page.js'
import { fixture, type Launch, tined } from '../harness/program.js'
import { type TestServer, withServer } from '../harness/server.js'
import { fillPipe, pidFrom } from '../harness/spawning.js'
import { writerOf } from '../harness/store.js'
import { until } from '../harness/until.js'

const PICTURES = fileURLToPath(new URL('../../../docs/images/', import.meta.url))
const skip = noChromium

let browser: Browser
before(async () => {
  if (skip === false) browser = await startBrowser()
})
after(() => browser?.close())

/** A server, its page, and a tab with it. */
function shown(
  launch: Launch,
  options: BrowserContextOptions,
  test: (tab: Page, server: TestServer, url: string) => Promise<void>,
): Promise<void> {
  return withServer(launch, (server) =>
    withPage([`${server.pid}`], (page) => withTab(browser, page.url, options, (tab) => test(tab, server, page.url))),
  )
}

test('clients are seen as they connect, and why a process that was killed has ended', { skip }, async () => {
  await shown(tined('echo', '--port', '0'), {}, async (tab, server) => {
    await boxOf(tab, server.supervisor).waitFor()
    const clients = await connected(server, 2)
    const [victim = 0] = await server.connections(2)
    for (const { name } of clients) await tab.locator('.drawing button', { hasText: name }).waitFor()
    await tab.getByRole('button', { name: /2 connections/ }).waitFor()
    await boxOf(tab, victim).click()
    const details = tab.locator('.details')
    await details.getByText('5 B').first().waitFor()
    await details.getByText(/^connection with 127\.0\.0\.1:\d+, ESTABLISHED$/).waitFor()
    const flight = (signal: string): ReturnType<Page['locator']> => tab.locator('.drawing .flight', { hasText: signal })
    // told of by the browser once they have arrived
    await tab.evaluate(`globalThis.arrived = []
      addEventListener('animationend', ({ animationName, target }) => {
        if (animationName === 'fly') arrived.push(target.className + ' ' + target.textContent)
      })`)
    process.kill(victim, 'SIGKILL')
    const arrived = ['flight SIGKILL', 'flight back answer SIGCHLD']
    await until(
      'both have arrived',
      async () => ((await tab.evaluate('arrived')) as string[]).filter((each) => arrived.includes(each)).length === 2,
    )
    await tab.locator('.ends .badly', { hasText: `${victim}: killed by SIGKILL` }).waitFor()
    await details.locator('.events li', { hasText: 'killed by SIGKILL' }).waitFor()
    await details.locator('.events li', { hasText: 'started' }).waitFor()
    await tab.locator('[data-figure=lasted] strong').filter({ hasNotText: 'unknown' }).waitFor()
    await details.getByText(/^killed by SIGKILL, after /).waitFor()
    for (const client of clients) client.close()
    await server.connections(0)
    for (const those of ['.role-connection:not(.gone)', '.gone', '.flight'])
      await tab.locator(`.drawing ${those}`).first().waitFor({ state: 'detached' })
    const last = await server.connect()
    await server.connections(1)
    await boxOf(tab, server.supervisor).click()
    await tab.emulateMedia({ reducedMotion: 'reduce' })
    server.signal('SIGTERM')
    await flight('SIGURG').waitFor()
    const animation: string = await tab.evaluate('getComputedStyle(document.querySelector(".flight")).animationName')
    assert.equal(animation, 'none', 'who wants less motion sees it where it goes to')
    await details.locator('.events li', { hasText: `SIGTERM came from launcher, ${server.pid}` }).waitFor()
    await details.locator('.events li', { hasText: 'sent SIGURG to connection #3' }).waitFor()
    last.close()
    await server.finished()
  })
})

test('a stopped process and a zombie stand out, with a warning in words; pipes with their fill', { skip }, async () => {
  await shown(fixture('planting.js'), { colorScheme: 'dark' }, async (tab, server) => {
    const [planter, other] = [await server.connect(), await server.connect()]
    const zombie = await pidFrom(planter, 'zombie')
    const pids = await server.connections(2)
    await pidFrom(other, '1')
    await boxOf(tab, zombie)
      .and(tab.locator('.state-zombie', { hasText: 'zombie' }))
      .waitFor()
    await tab.locator('.warnings [aria-live=polite] li', { hasText: `${zombie} is a zombie` }).waitFor()
    const stopped = pids[1] ?? 0
    process.kill(stopped, 'SIGSTOP')
    try {
      await boxOf(tab, stopped)
        .and(tab.locator('.state-stopped', { hasText: 'stopped' }))
        .waitFor()
      assert.deepEqual(await seriousFindings(tab), [])
    } finally {
      process.kill(stopped, 'SIGCONT')
    }
    await boxOf(tab, stopped).and(tab.locator('.state-stopped')).waitFor({ state: 'detached' })
    await pidFrom(planter, 'wait')
    await tab.locator('.warnings li').waitFor({ state: 'detached' })
    await fillPipe(planter, 20_480, () =>
      tab.locator('.pipe', { hasText: /connection #1.*20 KB of .*64 KB/ }).waitFor(),
    )
    await pidFrom(planter, 'close')
    await pidFrom(planter, 'wait')
    for (const client of [planter, other]) client.close()
  })
})

test('Korean where the browser wants it, the other language on demand; 390 pixels are enough, and the keyboard is', {
  skip,
}, async () => {
  const options = { viewport: { width: 390, height: 844 }, locale: 'ko-KR' }
  await shown(tined('echo', '--port', '0'), options, async (tab, server, url) => {
    await tab.getByRole('heading', { name: '프로세스', exact: true }).waitFor()
    assert.equal(await tab.evaluate('document.documentElement.lang'), 'ko')
    const clients = await connected(server, 3)
    const [first = 0] = await server.connections(3)
    await boxOf(tab, server.supervisor).filter({ hasText: '슈퍼바이저' }).waitFor()
    await boxOf(tab, first).focus()
    await tab.keyboard.press('Enter')
    await tab.locator('.details a[href^="/docs/course/"][href$=".ko.html"]').first().waitFor()
    await tab.locator('.details table').waitFor()
    assert.equal(await overhangPx(tab), 0)
    await tab.getByRole('button', { name: 'English' }).click()
    await tab.getByRole('button', { name: 'Close' }).waitFor()
    assert.equal(await overhangPx(tab), 0)
    await tab.reload()
    await tab.getByRole('heading', { name: 'Processes', exact: true }).waitFor()
    assert.equal(await tab.evaluate('document.documentElement.lang'), 'en', 'it is remembered')
    await tab.goto(`${url}docs/course/zombie.ko.html`)
    await tab.locator('h1#zombie').waitFor()
    for (const client of clients) client.close()
  })
})

test('a signal on its way, the last messages of a store; light and dark', { skip }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tined-page-'))
  after(() => rmSync(folder, { recursive: true }))
  const launch = tined('store', '--port', '0', '--to', join(folder, 'messages.ndjson'))
  await shown(launch, { viewport: { width: 390, height: 844 } }, async (tab, server) => {
    const client = await server.connect()
    await client.exchange('<b>first</b>\n')
    const writer = await until('a writer', () => writerOf(server))
    await tab.locator('.messages button', { hasText: 'Show' }).click()
    await tab.locator('.messages code', { hasText: '<b>first</b>' }).waitFor()
    process.kill(writer, 'SIGSTOP')
    try {
      client.send('x'.repeat(1000).concat('\n').repeat(20))
      const other = await server.connect()
      const signalled = (await server.connections(3)).at(-1) ?? 0
      await stopAndTell(signalled, 'SIGTERM')
      await boxOf(tab, signalled)
        .and(tab.locator('.signalled', { hasText: 'SIGTERM' }))
        .waitFor()
      assert.equal(await overhangPx(tab), 0)
      await inBothColours(tab)
      process.kill(signalled, 'SIGCONT')
      other.socket.destroy()
    } finally {
      process.kill(writer, 'SIGCONT')
    }
    await tab.locator('.messages li', { hasText: 'xxx' }).first().waitFor()
    await tab.locator('.messages button', { hasText: 'Hide' }).click()
    await tab.locator('.messages code').first().waitFor({ state: 'detached' })
    client.close()
  })
})

test('of many processes one box stands for those that only serve', { skip }, async () => {
  await shown(tined('echo', '--port', '0'), {}, async (tab, server) => {
    const clients = await connected(server, 70)
    const pids = await server.connections(70)
    await tab.locator('.drawing .group', { hasText: '70 × connection' }).waitFor()
    await tab.getByRole('img', { name: /^72 processes: sleeping 7\d/ }).waitFor()
    const stopped = pids[40] ?? 0
    process.kill(stopped, 'SIGSTOP')
    try {
      await boxOf(tab, stopped).and(tab.locator('.state-stopped')).waitFor()
      await tab.locator('.drawing .group', { hasText: '69 × connection' }).click()
      await tab.locator('.details').getByText('345 B').first().waitFor()
      await tab.locator('.details .choices button').first().click()
      await tab.locator('.details table').waitFor()
    } finally {
      process.kill(stopped, 'SIGCONT')
    }
    for (const client of clients) client.close()
    await server.connections(0)
  })
})

test('a picture of it', { skip }, async () => {
  await withServer(fixture('planting.js'), (server) =>
    withPage([`${server.pid}`], (page) =>
      withTab(browser, page.url, { viewport: { width: 1280, height: 1000 } }, async (tab) => {
        const clients = await Promise.all(Array.from({ length: 8 }, () => server.connect()))
        for (const client of clients) await pidFrom(client, '1')
        const pids = await server.connections(8)
        const zombie = await pidFrom(clients[1] as Client, 'zombie')
        await pidFrom(clients[2] as Client, 'leaked-pipe-end')
        await stopAndTell(pids[3] ?? 0, 'SIGTERM')
        process.kill(pids[5] ?? 0, 'SIGKILL')
        await boxOf(tab, zombie).waitFor()
        await tab.locator('.ends .badly').waitFor()
        await boxOf(tab, pids[0] ?? 0).click()
        await tab.locator('.details table').waitFor()
        for (let count = 0; count < 40; count++) await pidFrom(clients[0] as Client, `${count}`)
        await tab.locator('[data-figure=answer] strong').filter({ hasNotText: 'unknown' }).waitFor()
        await tab.locator('[data-figure=answer] .slow').waitFor()
        await tab.evaluate('scrollTo(0, 0)')
        await tab.mouse.move(0, 0)
        await tab.locator('.signalled').waitFor()
        await tab.locator('.warnings li', { hasText: 'both ends' }).waitFor()
        await tab.locator('.pipe').first().waitFor()
        const victims = pids.slice(6)
        mkdirSync(PICTURES, { recursive: true })
        for (const [colorScheme, name] of [
          ['light', 'page.png'],
          ['dark', 'page-dark.png'],
        ] as const) {
          await tab.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
          // one more for each, so that its signal is on the way
          process.kill(victims.pop() ?? 0, 'SIGKILL')
          await tab.locator('.flight', { hasText: 'SIGKILL' }).first().waitFor()
          const keep = process.env['TINED_PICTURES'] === '1' ? { path: join(PICTURES, name) } : {}
          assert.ok((await tab.screenshot(keep)).length > 10_000)
        }
        process.kill(pids[3] ?? 0, 'SIGCONT')
        await pidFrom(clients[1] as Client, 'wait')
        await pidFrom(clients[2] as Client, 'close')
        for (const client of clients) client.close()
      }),
    ),
  )
})
