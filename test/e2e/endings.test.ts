/** How a connection process ends, and in what words the supervisor says so. It is `_exit` whatever happens. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixture } from '../harness/program.js'
import { type TestServer, withServer } from '../harness/server.js'

const failed = 'connection process exited with status 1: the handler failed'

/** Sends the name of an ending, and returns the words of the log. */
async function endingOf(server: TestServer, ending: string): Promise<string> {
  const client = await server.connect()
  client.send(ending).end()
  const words = await server.endOf(client)
  client.close()
  return words
}

const count = (text: string, wanted: string): number => text.split(wanted).length - 1

const asyncEndings: Record<string, string> = {
  return: 'connection process exited with status 0: finished',
  'return-with-work-left': 'connection process exited with status 0: finished',
  throw: failed,
  'throw-something-else': failed,
  reject: failed,
  'throw-in-timer': failed,
  'unhandled-rejection': failed,
  'exit-0': 'connection process exited with status 0: finished',
  'exit-7': 'connection process exited with status 7',
  'exit-in-timer': 'connection process exited with status 9',
  'exit-code': 'connection process exited with status 5',
  'exit-listener': 'connection process exited with status 3',
  never: 'connection process exited with status 13: the event loop was empty before the handler had finished',
  abort: 'connection process killed by SIGABRT',
  suicide: 'connection process killed by SIGKILL',
  'last-words': 'connection process exited with status 4',
}

test('an async handler ends its process in every way there is, and the log says which', async () => {
  await withServer(fixture('endings-async.js'), async (server) => {
    for (const [ending, words] of Object.entries(asyncEndings))
      assert.equal((await endingOf(server, ending)).replace(', core dumped', ''), words, ending)
    const said = (text: string): number => count(server.stderr, `Error: ${text}`)
    assert.equal(said('thrown by the handler'), 1, 'a throw is reported once')
    assert.equal(said('rejected by the handler'), 1, 'a rejection is reported once')
    assert.equal(said('thrown by a timer'), 1, 'an uncaught error is reported once')
    assert.equal(said('nobody awaits this'), 1, 'an unhandled rejection is reported once')
    assert.match(server.stdout, /^listener saw 3$/m, "the handler's own exit listener runs")
    assert.match(server.stdout, /^last words of \d+$/m)
  })
})

const callbackEndings: Record<string, string> = {
  finish: 'connection process exited with status 0: finished',
  destroy: 'connection process exited with status 0: finished',
  throw: failed,
  'exit-0': 'connection process exited with status 0: finished',
  'exit-7': 'connection process exited with status 7',
  abort: 'connection process killed by SIGABRT',
  'last-words': 'connection process exited with status 4',
}

for (const loop of ['none', 'node']) {
  test(`callbacks with loop ${loop} end their process in every way there is`, async () => {
    await withServer(fixture('endings-callbacks.js', {}, loop), async (server) => {
      for (const [ending, words] of Object.entries(callbackEndings))
        assert.equal((await endingOf(server, ending)).replace(', core dumped', ''), words, ending)
      assert.equal(count(server.stderr, 'Error: thrown by data'), 1)
      assert.match(server.stdout, /^last words of \d+$/m)
    })
  })

  for (const callback of ['open', 'end', 'close'])
    test(`with loop ${loop}, an error thrown by ${callback} is reported once and ends the process with status 1`, async () => {
      await withServer(fixture('endings-callbacks.js', {}, loop, `throw-in-${callback}`), async (server) => {
        const client = await server.connect()
        client.send('hello').end()
        assert.equal(await server.endOf(client), failed)
        assert.equal(count(server.stderr, `Error: thrown by ${callback}`), 1, server.stderr)
        assert.doesNotMatch(server.stderr, /EBADF/)
        client.close()
      })
    })
}
