import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Handler, serve } from '../../src/index.js'
import { checkHandler } from '../../src/server/check-handler.js'

const NAMES = 'loop, open, data, drain, end, draining, error, close'

const refused: [handler: unknown, message: string][] = [
  [undefined, 'handler: expected a function or an object of callbacks, got undefined'],
  ['echo', 'handler: expected a function or an object of callbacks, got "echo"'],
  [{ dta: () => {} }, `handler: dta: no such callback; expected some of ${NAMES}; did you mean data?`],
  [{ data: () => {}, lop: 'none' }, `handler: lop: no such callback; expected some of ${NAMES}; did you mean loop?`],
  [
    { clients: new Map() },
    `handler: clients: no such callback; expected some of ${NAMES}; what it is to keep is kept by an object of a class`,
  ],
  [{ data: 'echo' }, 'handler: data: expected a function, got "echo"'],
  [{ loop: 'nod' }, 'handler: loop: expected none or node, got "nod"'],
]

for (const [handler, message] of refused)
  test(`${message.slice(0, 60)} …`, async () => {
    assert.throws(() => checkHandler(handler), { name: 'TypeError', message })
    await assert.rejects(serve({ model: 'single' }, handler as Handler), { name: 'TypeError', message })
  })

test('an object of a class may have members of its own', () => {
  class Chat {
    readonly clients = new Set()
    open(client: unknown): void {
      this.send(client)
    }
    send(client: unknown): void {
      this.clients.add(client)
    }
  }
  checkHandler(new Chat())
})

test('a callback that is undefined is none', () => checkHandler({ data: undefined, loop: undefined }))
