/** Server options as they are typed: flags, variables, and the words for what cannot be. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Command } from 'commander'
import { addServerOptions, typedModel, typedServerOptions } from '../../src/cli/server-options.js'
import { variables } from '../../src/cli/variables.js'
import { checkOptions, type ServeOptions } from '../../src/server/options.js'

type Environment = Readonly<Record<string, string>>

/** Parses flags in an environment that has these variables besides. */
function parse(flags: readonly string[], environment: Environment = {}): { options: ServeOptions; model: string } {
  const before = Object.keys(environment).map((name) => [name, process.env[name]] as const)
  try {
    Object.assign(process.env, environment)
    const command = addServerOptions(new Command()).parse(flags, { from: 'user' })
    const { values, nameOf } = typedServerOptions(command)
    checkOptions(values, nameOf) // as `serve` does
    return { options: values, model: typedModel(command) }
  } finally {
    for (const [name, value] of before)
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
  }
}

/** What a command gives that `serve` would not take by itself. */
const LISTEN = { listen: '127.0.0.1:9190' }

const understood: [flags: string[], environment: Environment, options: ServeOptions][] = [
  [[], {}, LISTEN],
  [['--max-connections', '5'], { TINED_MAX_CONNECTIONS: '6' }, { ...LISTEN, maxConnections: 5 }],
  [[], { TINED_MAX_CONNECTIONS: '6', TINED_LOG: 'json' }, { ...LISTEN, maxConnections: 6, log: 'json' }],
  [['--max-connections', '5'], { TINED_MAX_CONNECTIONS: 'wrong, and not read' }, { ...LISTEN, maxConnections: 5 }],
  [['--idle-timeout', '1.5s', '--drain-timeout', '2'], {}, { ...LISTEN, idleTimeoutMs: 1500, drainTimeoutMs: 2000 }],
  [['--listen', '80', '--listen', 'unix:a,b'], {}, { listen: ['80', 'unix:a,b'] }],
  [[], { TINED_LISTEN: '80,unix:/x' }, { listen: ['80', 'unix:/x'] }],
  [[], { TINED_LISTEN: '80, [::1]:81' }, { listen: ['80', '[::1]:81'] }],
  [['--port', '80'], {}, { port: 80 }],
  [['--port', '80'], { TINED_LISTEN: '81' }, { port: 80 }],
  [[], { TINED_PORT: 'tcp://10.0.0.1:80' }, LISTEN],
  [['--listen', 'unix:/x', '--socket-mode', '660'], {}, { listen: ['unix:/x'], socketMode: 0o660 }],
  [[], { TINED_LISTEN: 'unix:/x', TINED_SOCKET_OWNER: '0:0' }, { listen: ['unix:/x'], socketOwner: '0:0' }],
  [[], { TINED_REUSE_PORT: 'no' }, { ...LISTEN, reusePort: false }],
  [['--listen', '80'], { TINED_LISTEN: '81,82' }, { listen: ['80'] }],
  [['--model', 'select'], {}, { ...LISTEN, model: 'multiplex', poller: 'select' }],
  [[], { TINED_MODEL: 'poll', TINED_WORKERS: '2' }, { ...LISTEN, model: 'multiplex', poller: 'poll', workers: 2 }],
  [['--model', 'poll', '--reuse-port'], {}, { ...LISTEN, model: 'multiplex', poller: 'poll', reusePort: true }],
  [
    ['--model', 'prefork', '--max-requests', '1', '--max-worker-memory', '64m', '--start-timeout', '2'],
    { TINED_MIN_SPARE: '3' },
    {
      ...LISTEN,
      model: 'prefork',
      maxRequests: 1,
      maxWorkerBytes: 64 * 1024 * 1024,
      startTimeoutMs: 2000,
      minSpare: 3,
    },
  ],
  [
    ['--model', 'poll', '--reuse-port'],
    { TINED_REUSE_PORT: '0' },
    { ...LISTEN, model: 'multiplex', poller: 'poll', reusePort: true },
  ],
  ...['0', 'false', 'no', '1', 'true', 'yes'].map((value, index): [string[], Environment, ServeOptions] => [
    ['--model', 'multiplex'],
    { TINED_REUSE_PORT: value },
    { ...LISTEN, model: 'multiplex', reusePort: index >= 3 },
  ]),
]

for (const [flags, environment, options] of understood)
  test(`${JSON.stringify(environment)} tined echo ${flags.join(' ')}`, () =>
    assert.deepEqual(parse(flags, environment).options, options))

test('a variable that is empty is none', () => {
  const environment = Object.fromEntries(variables.map((name) => [name, '']))
  assert.deepEqual(parse([], environment), { options: LISTEN, model: 'fork' })
})

test('a greeting names the model as it was typed', () => {
  assert.equal(parse([]).model, 'fork')
  assert.equal(parse([], { TINED_MODEL: 'select' }).model, 'select')
})

const ADDRESS = 'HOST:PORT, [IPv6]:PORT or unix:PATH with a numeric host, no zone'

/** What is typed and set, and the whole of what is said. */
const refused: [flags: string[], env: Record<string, string>, said: string][] = [
  [['--max-connections', '0'], {}, '--max-connections: expected a whole number from 1 to 4194304, got 0'],
  [['--max-connections', 'ten'], {}, '--max-connections: expected a whole number from 1 to 4194304, got "ten"'],
  [[], { TINED_MAX_CONNECTIONS: '0' }, 'TINED_MAX_CONNECTIONS: expected a whole number from 1 to 4194304, got 0'],
  [
    ['--max-connections', '0'],
    { TINED_MAX_CONNECTIONS: '1' },
    '--max-connections: expected a whole number from 1 to 4194304, got 0',
  ],
  [['--idle-timeout', '30x'], {}, '--idle-timeout: expected a time like 500ms, 30s or 5m, from 0 to 24h, got "30x"'],
  [
    [],
    { TINED_IDLE_TIMEOUT: '25h' },
    'TINED_IDLE_TIMEOUT: expected a time like 500ms, 30s or 5m, from 0 to 24h, got "25h"',
  ],
  [['--listen', '80', '--listen', 'nowhere'], {}, `--listen: expected ${ADDRESS}, got "nowhere"`],
  [['--listen', '127.0.0.1:65536'], {}, '--listen: expected a port from 0 to 65535, got "127.0.0.1:65536"'],
  [[], { TINED_LISTEN: '127.0.0.1:80,b' }, `TINED_LISTEN: expected ${ADDRESS}, got "b"`],
  [
    ['--model', 'x'],
    {},
    '--model: expected single or fork or prefork or multiplex or epoll or poll or select, got "x"',
  ],
  [[], { TINED_LOG: 'xml' }, 'TINED_LOG: expected auto or pretty or json or journal, got "xml"'],
  [['--port-fd', '0'], {}, '--port-fd: expected a descriptor from 1 to 1048576, got 0'],
  [['--port-file', ''], {}, '--port-file: expected a non-empty string, got ""'],
  [['--port', '80', '--listen', '81'], {}, '--port: give either it or --listen'],
  [
    ['--listen', 'unix:/x', '--socket-mode', 'rw'],
    {},
    '--socket-mode: expected a file mode like 660, from 0 to 777, got "rw"',
  ],
  [[], { TINED_REUSE_PORT: 'on' }, 'TINED_REUSE_PORT: expected 1, true, yes or 0, false, no, got "on"'],
  [[], { TINED_LISTN: '80' }, 'TINED_LISTN: no such variable; did you mean TINED_LISTEN?'],
  [['--workers', '2'], {}, '--workers: only model multiplex has it, got model "fork"'],
  [[], { TINED_REUSE_PORT: '1' }, 'TINED_REUSE_PORT: only model multiplex has it, got model "fork"'],
  [
    ['--model', 'poll', '--max-connections', '2'],
    { TINED_WORKERS: '3' },
    'TINED_WORKERS: expected a whole number from 1 to 2, got 3',
  ],
  [['--model', 'poll'], { TINED_POLLER: 'select' }, 'TINED_POLLER: expected poll, as --model says, got select'],
  [
    ['--model', 'poll', '--listen', 'unix:x', '--reuse-port'],
    {},
    '--reuse-port: expected IPv4 or IPv6 addresses, got a unix socket',
  ],
]

for (const [flags, environment, message] of refused)
  test(`${JSON.stringify(environment)} tined echo ${flags.join(' ')} is refused: ${message}`, () =>
    assert.throws(() => parse(flags, environment), { message }))

test('variables that others set stay theirs', () => {
  const others = ['PORT', 'SERVICE_HOST', 'SERVICE_PORT', 'PORT_9190_TCP', 'PORT_9190_TCP_ADDR', 'HOME', 'VERSION']
  const ours = ['FORK_WAY', 'WITHOUT', 'TO', 'MAX_MESSAGE']
  const tests = ['NO_SKIPS', 'SECOND_TRY', 'TEST_TREE', 'TEST_FILE', 'UPSTREAM', 'BENCH_NODES', 'FUZZ_SEED']
  const environment = Object.fromEntries([...others, ...ours, ...tests].map((name) => [`TINED_${name}`, '1']))
  assert.deepEqual(parse([], environment).options, LISTEN)
})
