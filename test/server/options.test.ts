import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Handler, serve } from '../../src/index.js'
import { checkOptions, type ServeOptions } from '../../src/server/options.js'

test('every option has a default', () => {
  assert.deepEqual(checkOptions({}), {
    listen: [{ family: 'IPv4', address: '127.0.0.1', port: 0 }],
    proxyProtocol: undefined,
    model: 'fork',
    poller: 'epoll',
    workers: 1,
    reusePort: false,
    maxWorkers: undefined,
    maxSpare: undefined,
    minSpare: 5,
    maxRequests: 10_000,
    maxWorkerBytes: 0,
    startTimeoutMs: 10_000,
    maxStartFailures: 10,
    maxConnections: 1000,
    backlog: 511,
    firstByteTimeoutMs: 0,
    idleTimeoutMs: 0,
    writeTimeoutMs: 0,
    maxConnectionMs: 0,
    hungMs: 60_000,
    maxUnsentBytes: 64 * 1024 * 1024,
    keepAliveMs: 60_000,
    keepAliveIntervalMs: 10_000,
    keepAliveProbes: 6,
    noDelay: true,
    tls: undefined,
    drainTimeoutMs: 30_000,
    portFile: undefined,
    rehearsal: undefined,
    portFd: undefined,
    socketMode: undefined,
    socketOwner: undefined,
    logLevel: 'info',
    log: 'auto',
    logFile: undefined,
    logConnections: false,
    signals: true,
    signal: undefined,
    onConnectionEnd: undefined,
    onEnd: undefined,
  })
})

test('undefined is the same as not given', () => {
  const given = Object.fromEntries(Object.keys(checkOptions({})).map((name) => [name, undefined]))
  assert.deepEqual(checkOptions(given as ServeOptions), checkOptions({}))
})

test('a port is short for that port of 127.0.0.1, and several addresses may be given', () => {
  assert.deepEqual(checkOptions({ port: 80 }).listen, [{ family: 'IPv4', address: '127.0.0.1', port: 80 }])
  assert.deepEqual(
    checkOptions({ listen: ['[::1]:1', 'unix:/x'] }).listen.map(({ family }) => family),
    ['IPv6', 'unix'],
  )
})

test('localhost is both of the addresses of this machine', () =>
  assert.deepEqual(checkOptions({ listen: 'localhost:80' }).listen, [{ family: 'localhost', port: 80 }]))

test('what is off may be given in any model', () => assert.equal(checkOptions({ reusePort: false }).reusePort, false))

const refused: [options: object, error: 'TypeError' | 'RangeError', message: RegExp][] = [
  [{ workers: 2 }, 'TypeError', /^workers: only model multiplex has it, got model "fork"$/],
  [{ model: 'multiplex', workers: 0 }, 'RangeError', /^workers: expected a whole number from 1 to 1000, got 0$/],
  [{ model: 'multiplex', workers: 3, maxConnections: 2 }, 'RangeError', /^workers: .* from 1 to 2, got 3$/],
  [{ model: 'multiplex', poller: 'kqueue' }, 'TypeError', /^poller: expected epoll or poll or select, got "kqueue"$/],
  [{ model: 'multiplex', reusePort: 1 }, 'TypeError', /^reusePort: expected true or false, got 1$/],
  [{ model: 'multiplex', reusePort: true, listen: 'unix:/x' }, 'TypeError', /^reusePort: expected IPv4 or IPv6/],
  [{ minSpare: 2 }, 'TypeError', /^minSpare: only model prefork has it, got model "fork"$/],
  [{ model: 'prefork', workers: 2 }, 'TypeError', /^workers: only model multiplex has it, got model "prefork"$/],
  [{ model: 'prefork', minSpare: 3, maxSpare: 2 }, 'RangeError', /^minSpare: .* from 1 to 2, got 3$/],
  [{ model: 'prefork', maxWorkers: 3, maxConnections: 2 }, 'RangeError', /^maxWorkers: .* from 1 to 2, got 3$/],
  [{ model: 'prefork', minSpare: 0 }, 'RangeError', /^minSpare: expected a whole number from 1 to/],
  [{ port: 65_536 }, 'RangeError', /^port: expected a whole number from 0 to 65535, got 65536$/],
  [{ port: '80' }, 'TypeError', /^port: expected a whole number, got "80" \(string\)$/],
  [{ port: 1.5 }, 'RangeError', /^port: .*got 1\.5$/],
  [{ port: Number.NaN }, 'RangeError', /^port: .*got NaN$/],
  [{ port: 80, listen: '127.0.0.1:80' }, 'TypeError', /^port: give either it or listen$/],
  [{ listen: [] }, 'TypeError', /^listen: expected an address/],
  [{ listen: 80 }, 'TypeError', /^listen: expected an address or a list of them, got 80$/],
  [{ listen: [null] }, 'TypeError', /^listen: expected an address, got null$/],
  [{ listen: 'nowhere' }, 'TypeError', /^listen: expected HOST:PORT.*, got "nowhere"$/],
  [{ model: 'threads' }, 'TypeError', /^model: expected single or fork or prefork or multiplex, got "threads"$/],
  [{ maxConnections: 0 }, 'RangeError', /^maxConnections: .*from 1 to/],
  [{ maxConnections: Number.POSITIVE_INFINITY }, 'RangeError', /^maxConnections: .*got Infinity$/],
  [{ backlog: -1 }, 'RangeError', /^backlog:/],
  [{ firstByteTimeoutMs: '1s' }, 'TypeError', /^firstByteTimeoutMs:/],
  [{ idleTimeoutMs: -1 }, 'RangeError', /^idleTimeoutMs:/],
  [{ drainTimeoutMs: 1e12 }, 'RangeError', /^drainTimeoutMs:/],
  [{ portFile: '' }, 'TypeError', /^portFile: expected a non-empty string, got ""$/],
  [{ portFd: 0 }, 'RangeError', /^portFd:/],
  [{ logLevel: 'loud' }, 'TypeError', /^logLevel: expected silent or error or warn or info or debug, got "loud"$/],
  [{ log: 'xml' }, 'TypeError', /^log: expected auto or pretty or json or journal, got "xml"$/],
  [{ signals: 'yes' }, 'TypeError', /^signals: expected true or false, got "yes"$/],
  [{ listen: ['127.0.0.1:80', '127.0.0.1:65536'] }, 'RangeError', /^listen: expected a port .*"127\.0\.0\.1:65536"$/],
  [{ prot: 80 }, 'TypeError', /^prot: no such option; expected one of port, listen/],
  [{ maxConnection: 80 }, 'TypeError', /^maxConnection: .*; did you mean maxConnections\?$/],
  [{ idleTimeout: 80 }, 'TypeError', /^idleTimeout: .*; did you mean idleTimeoutMs\?$/],
  [{ handlers: 80 }, 'TypeError', /^handlers: no such option; expected one of [\w, ]*$/],
  [
    { log: false },
    'TypeError',
    /^log: expected auto or pretty or json or journal, got false; logLevel: 'silent' logs nothing$/,
  ],
]

for (const [options, name, message] of refused)
  test(`${JSON.stringify(options)} is refused with a ${name} that names the option`, () =>
    assert.throws(() => checkOptions(options as ServeOptions), { name, message }))

const nothing = (): void => {}

test('a logger is refused with the level that logs nothing', () =>
  assert.throws(() => checkOptions({ log: nothing as unknown as 'json' }), {
    name: 'TypeError',
    message: /^log: expected auto or pretty or json or journal, got \(\) => .*; logLevel: 'silent' logs nothing$/,
  }))

const misplaced: [options: object, name: string, call: string][] = [
  [{ port: 1, handler: nothing }, 'handler', 'serve({ port }, handler)'],
  [{ handler: { data: nothing } }, 'handler', 'serve({}, handler)'],
  [{ data: nothing }, 'data', 'serve({}, { data })'],
  [{ port: 1, open: nothing, model: 'single', data: nothing }, 'open', 'serve({ port, model }, { open, data })'],
  [{ listen: '1', loop: 'none', data: nothing }, 'loop', 'serve({ listen }, { loop, data })'],
]

for (const [options, name, call] of misplaced)
  test(`a handler among the options is refused with the right call: ${call}`, async () => {
    const refusal = {
      name: 'TypeError',
      message: `${name}: no such option; the handler is the second argument of serve(): ${call}`,
    }
    assert.throws(() => checkOptions(options as ServeOptions), refusal)
    await assert.rejects(serve(options as ServeOptions, undefined as unknown as Handler), refusal)
  })

test('errors call an option what it was given as', () => {
  const nameOf = (name: string): string => `${name} of the file`
  const wrong: ServeOptions[] = [
    { maxConnections: 0 },
    { listen: 'nowhere' },
    { workers: 2 },
    { model: 'multiplex', workers: 3, maxConnections: 2 },
    { reusePort: true, model: 'multiplex', listen: 'unix:/x' },
    { port: 80, listen: '80' },
  ]
  for (const options of wrong) {
    const [name] = Object.keys(options).filter((key) => key !== 'model')
    assert.throws(() => checkOptions(options, nameOf), { message: new RegExp(`^${name} of the file: `) })
  }
})

test('what is no object is refused', () => {
  for (const bad of [null, 9190, 'port'])
    assert.throws(() => checkOptions(bad as unknown as ServeOptions), { name: 'TypeError', message: /^options:/ })
})
