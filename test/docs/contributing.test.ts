/** The worked examples of CONTRIBUTING.md, followed: in a copy of the checkout, compiled once with all of them. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import * as posix from '../../src/posix/index.js'
import { type Client, converse } from '../harness/client.js'
import { type Launch, runToEnd } from '../harness/program.js'
import { withServer } from '../harness/server.js'
import { linesOf } from '../harness/store.js'
import { ChangedCheckout } from './changed-checkout.js'

const page = readFileSync(fileURLToPath(new URL('../../../CONTRIBUTING.md', import.meta.url)), 'utf8')
let checkout: ChangedCheckout
let help: string

const tined = (...args: string[]): Launch => ({ file: checkout.path('bin/tined'), args })
const server = (command: string, ...args: string[]): Launch =>
  tined(command, '--listen', '127.0.0.1:0', '--log', 'json', ...args)

/** Asserts that some tests ran: a pattern that nothing matches passes too. */
async function passes(file: string, pattern: string, least: number): Promise<void> {
  const count = await checkout.test(file, pattern)
  assert.ok(count >= least, `${file}: ${count} tests have ${pattern} in their names`)
}

/** Sends an urgent byte. tcp(7) */
function sendUrgent({ socket }: Client, byte: string): void {
  const { fd } = (socket as unknown as { _handle: { fd: number } })._handle
  posix.send(fd as posix.Fd, Buffer.from(byte), posix.MSG_OOB)
}

describe('the additions of CONTRIBUTING.md', { concurrency: 3 }, () => {
  before(async () => {
    checkout = new ChangedCheckout()
    checkout.apply(page)
    await checkout.tool('tsc', '-p', '.')
    await checkout.node('scripts/bundle.mjs')
    help = (await runToEnd(tined('echo', '--help'))).stdout
  })
  after(() => checkout.remove())

  test('everything together is as npm run lint wants it', async () => {
    const sources = checkout.changed.filter((path) => path.endsWith('.ts'))
    assert.ok(sources.length >= 12, sources.join(' '))
    await Promise.all([
      checkout.tool('biome', 'check', ...sources),
      checkout.node('scripts/rules.mjs', '--root', checkout.root, 'imports', 'mirror'),
    ])
  })

  test('a poller: the contract of reactors holds over it, and of servers', async () => {
    assert.match(help, /"ppoll"/)
    await passes('reactor/reactor.test.js', 'reactor (node over )?ppoll ', 18)
    await passes('reactor/drains.test.js', 'ppoll:', 3)
    await passes('contract/server.test.js', 'multiplex over ppoll, callbacks without', 10)
  })

  test('a model: it can be typed, and keeps the contract of servers', async () => {
    assert.match(help, /"cores"/)
    await passes('contract/server.test.js', 'model cores, callbacks without', 10)
  })

  test('a format: the store writes it, and tined messages shows it', async () => {
    const sink = `stamped:${checkout.path('messages.log')}`
    await withServer(server('store', '--to', sink), async ({ address }) => {
      assert.equal((await converse(address, 'hello\n')).toString(), 'hello\n')
    })
    const lines = linesOf(checkout.path('messages.log')).map(String)
    assert.equal(lines.length, 1)
    assert.match(lines[0] ?? '', /^\d{4}-\S+Z 127\.0\.0\.1:\d+ hello$/)
    assert.equal((await runToEnd(tined('messages', sink))).stdout, `      1  ${lines[0]}\n`)
  })

  test('an option: it is in --help, in docs/options.md, and does what it says', async () => {
    assert.match(help, /--oob-inline .*\(.*env:\s+TINED_OOB_INLINE\)/s)
    await passes('server/options.test.js', 'every option has a default', 1)
    await checkout.node('scripts/options-docs.mjs')
    assert.match(readFileSync(checkout.path('docs/options.md'), 'utf8'), /^\| `oobInline` \| `--oob-inline` \|/m)
    for (const [flags, answer] of [
      [['--oob-inline'], '!on'],
      [[], 'on'],
    ] as const)
      await withServer(server('echo', ...flags), async (running) => {
        const client = await running.connect()
        await client.exchange('hello')
        sendUrgent(client, '!')
        client.send('on')
        assert.equal(await client.takeText(answer.length), answer)
        client.close()
      })
  })

  test('a program of the course: both versions do the same, and the pages have it', async () => {
    await passes('course/processes.test.js', '^kill, (C|TypeScript)', 1)
    const { stdout, stderr } = await runToEnd(tined('course', 'kill', '--lang', 'ko'))
    assert.equal(stdout, '부모: 시그널 15이(가) 자식을 종료했습니다\n')
    assert.match(stderr, /^kill: 시그널로 종료된 자식은/)
    await checkout.node('scripts/course-docs.mjs')
    assert.match(readFileSync(checkout.path('docs/course/kill.ko.md'), 'utf8'), /^# kill$/m)
    assert.match(readFileSync(checkout.path('docs/course.md'), 'utf8'), /^- \[kill\]\(course\/kill\.md\)/m)
    await passes('course/docs.test.js', 'programs and texts|in both languages|Korean', 3)
    await passes('course/korean.test.js', 'lines and tokens', 2)
  })
})
