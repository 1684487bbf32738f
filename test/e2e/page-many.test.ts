/** What the page draws of many processes, and how fast. Planted ones: what is measured is the browser, and not the machine's processes. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { Access } from '../../src/page/access.js'
import { readFiles } from '../../src/page/files.js'
import { pageServer } from '../../src/page/server.js'
import type { ProcessShot } from '../../src/page/shapes.js'
import { noChromium, overhangPx, seriousFindings, startBrowser, withTab } from '../harness/browser.js'
import { until } from '../harness/until.js'
import { processShot, serverOf, snapshotOf } from '../page/shots.js'

const skip = noChromium
const PROCESSES = 1000
/** So many come, and as many go, from one look to the next. */
const TURNOVER = 20
const EVERY_MS = 200
const FOLDER = fileURLToPath(new URL('../../page', import.meta.url))

let browser: Browser
before(async () => {
  if (skip === false) browser = await startBrowser()
})
after(() => browser?.close())

/** Looks at a server. @param turnover how many come, and as many go, from one to the next */
function looksAt(turnover: number): () => ReturnType<typeof snapshotOf> {
  let first = 100
  const connection = (pid: number): ProcessShot =>
    processShot(pid, 'connection', {
      ...{ id: pid, client: `127.0.0.1:${pid}`, state: pid % 97 === 0 ? 'running' : 'sleeping' },
    })
  return () => {
    first += turnover
    const connections = Array.from({ length: PROCESSES }, (_, place) => connection(first + place))
    const stopped = connection(first + PROCESSES / 2)
    connections[PROCESSES / 2] = { ...stopped, state: 'stopped' }
    const [launcher, supervisor] = [
      processShot(1, 'launcher', { parent: 0 }),
      processShot(2, 'supervisor', { parent: 1 }),
    ]
    const server = serverOf([launcher, supervisor, ...connections], { connections: PROCESSES })
    return snapshotOf([server], { timeMs: Date.now(), everyMs: EVERY_MS })
  }
}

async function shown(
  turnover: number,
  options: BrowserContextOptions,
  test: (tab: Page) => Promise<void>,
): Promise<void> {
  const server = pageServer({
    ...{ listening: '127.0.0.1', access: new Access(undefined), files: readFiles(FOLDER) },
    looks: { snapshot: looksAt(turnover), details: () => undefined, messages: () => undefined },
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  try {
    await withTab(browser, `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, options, test)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

/** Frames in which the squares were drawn, in one second. */
const framesPerSecond = (tab: Page): Promise<number> =>
  tab.evaluate(`new Promise((resolve) => {
    const context = document.querySelector('.squares canvas').getContext('2d')
    const clear = context.clearRect.bind(context)
    let drawn = 0
    context.clearRect = (...rectangle) => { drawn++; clear(...rectangle) }
    const seconds = 4
    setTimeout(() => resolve(drawn / seconds), seconds * 1000)
  })`)

/** How many squares there are, and of which colours: a canvas shows its pixels only. */
const coloursOf = (tab: Page): Promise<number> =>
  tab.evaluate(`(() => {
    const canvas = document.querySelector('.squares canvas')
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
    let opaque = 0
    for (let at = 3; at < data.length; at += 4) if (data[at] === 255) opaque++
    return opaque / (data.length / 4)
  })()`)

test('each of a thousand processes is drawn, and frames come fast enough', { skip }, async (context) => {
  await shown(TURNOVER, {}, async (tab) => {
    await tab.getByRole('img', { name: /^1002 processes: .*sleeping \d+.*stopped 1/ }).waitFor()
    await tab.locator('.drawing .group', { hasText: '999 × connection' }).waitFor()
    assert.ok((await coloursOf(tab)) > 0.5, 'most of the canvas is squares')
    const frames = await framesPerSecond(tab)
    context.diagnostic(
      `${frames.toFixed(1)} frames a second with ${PROCESSES} processes, ${TURNOVER} of them new each ${EVERY_MS} ms`,
    )
    // 30 where the machine is idle; here others use it too
    assert.ok(frames >= 5, `${frames} frames a second`)
    const box = await tab.locator('.squares canvas').boundingBox()
    assert.ok(box !== null && box.height <= 340, `${box?.height} pixels high`)
    const details = { pid: 0, descriptors: [], isPartial: true, limits: [] }
    const signals = { pending: [], blocked: ['SIGURG'], ignored: [], caught: [] }
    const sandbox = { uid: 0, noNewPrivileges: false, systemCallFilter: 'none', capabilities: '0' }
    await tab.route('**/api/process?*', (route) => {
      const pid = Number(new URL(route.request().url()).searchParams.get('pid'))
      return route.fulfill({ json: { ...details, pid, signals, sandbox } })
    })
    await tab.locator('.squares canvas').click({ position: { x: 4, y: 4 } })
    await tab
      .locator('.details')
      .getByText(/^Its|^PID/)
      .first()
      .waitFor()
    assert.deepEqual(await seriousFindings(tab), [])
  })
})

/** Frames that were asked for in a second, of all that the page is made of. */
const framesAsked = (tab: Page): Promise<number> =>
  tab.evaluate(`new Promise((resolve) => {
    const ask = requestAnimationFrame
    let asked = 0
    globalThis.requestAnimationFrame = (frame) => { asked++; return ask(frame) }
    setTimeout(() => { globalThis.requestAnimationFrame = ask; resolve(asked) }, 1000)
  })`)

test('a thousand fit on a phone, and while nothing changes nothing is drawn again and again', { skip }, async () => {
  await shown(0, { viewport: { width: 390, height: 844 }, colorScheme: 'dark' }, async (tab) => {
    await tab.getByRole('img', { name: /^1002 processes/ }).waitFor()
    assert.equal(await overhangPx(tab), 0)
    // a few for each look, for who draws the rest
    await until('it rests', async () => (await framesAsked(tab)) < 30)
  })
})
