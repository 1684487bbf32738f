import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { Probe } from '../probe.js'

/** Serves while `use` runs. */
async function serving(listener: RequestListener, use: (url: string) => Promise<void>): Promise<void> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  server.close()
  server.closeAllConnections()
  await once(server, 'close')
}

export const probes: Probe[] = [
  {
    name: 'fetch gets JSON, and headers',
    run: () =>
      serving(
        (incoming, response) =>
          response.setHeader('content-type', 'application/json').end(JSON.stringify({ url: incoming.url })),
        async (url) => {
          const response = await fetch(`${url}path?q=1`)
          assert.equal(response.status, 200)
          assert.equal(response.headers.get('content-type'), 'application/json')
          assert.deepEqual(await response.json(), { url: '/path?q=1' })
        },
      ),
  },
  {
    name: 'fetch posts a form with a file',
    run: () =>
      serving(
        async (incoming, response) => response.end(await buffer(incoming)),
        async (url) => {
          const form = new FormData()
          form.append('file', new Blob(['contents of the file']), 'name.txt')
          const echoed = await (await fetch(url, { method: 'POST', body: form })).text()
          assert.match(echoed, /filename="name.txt"[\s\S]*contents of the file/)
        },
      ),
  },
  {
    name: 'fetch streams a body out and in',
    run: () =>
      serving(
        (incoming, response) => incoming.pipe(response),
        async (url) => {
          let sent = 0
          const body = new ReadableStream<Uint8Array>({
            pull: (controller) =>
              sent++ < 8 ? controller.enqueue(new Uint8Array(65_536).fill(sent)) : controller.close(),
          })
          const response = await fetch(url, { method: 'POST', body, duplex: 'half' } as RequestInit)
          const bytes = new Uint8Array(await response.arrayBuffer())
          assert.equal(bytes.length, 8 * 65_536)
          assert.equal(bytes.at(-1), 8)
        },
      ),
  },
  {
    name: 'fetch is aborted, and reports a refused connection',
    async run() {
      let refused = ''
      await serving(
        () => {},
        async (url) => {
          refused = url
          await assert.rejects(fetch(url, { signal: AbortSignal.timeout(30) }), { name: 'TimeoutError' })
        },
      )
      await assert.rejects(
        fetch(refused),
        (error: Error) => (error.cause as NodeJS.ErrnoException).code === 'ECONNREFUSED',
      )
    },
  },
  {
    name: 'Web streams pipe through a transform',
    async run() {
      const upper = new TransformStream<string, string>({
        transform: (chunk, sink) => sink.enqueue(chunk.toUpperCase()),
      })
      const words = new Blob(['some text'])
        .stream()
        .pipeThrough(new TextDecoderStream() as never) as ReadableStream<string>
      const chunks: string[] = []
      for await (const chunk of words.pipeThrough(upper)) chunks.push(chunk)
      assert.equal(chunks.join(''), 'SOME TEXT')
    },
  },
  {
    name: 'EventTarget, URL, TextEncoder and structuredClone work',
    run() {
      const target = new EventTarget()
      let seen = 0
      target.addEventListener('once', () => seen++, { once: true })
      target.dispatchEvent(new Event('once'))
      target.dispatchEvent(new Event('once'))
      assert.equal(seen, 1)
      assert.equal(new URL('../b?x=ä', 'http://host/a/c').href, 'http://host/b?x=%C3%A4')
      assert.deepEqual([...new TextEncoder().encode('é')], [0xc3, 0xa9])
      const original = { when: new Date(0), map: new Map([[1, new Set(['a'])]]) }
      assert.deepEqual(structuredClone(original), original)
    },
  },
]
