/** What bench:store compares: Tined in each model, with one sync a message, and what else keeps a message before it answers. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { installed } from './installed.js'
import { onPath, root } from './paths.js'
import { postgres } from './postgres-spec.js'
import { usual } from './server-spec.js'
import { LINE, type StoreSpec } from './store-spec.js'
import { tell } from './tell-server.js'

const echo = { request: LINE, answer: `bytes:${LINE.length}`, messages: 1 } as const

let files = 0

function tined(
  name: string,
  scratch: string,
  options: Record<string, unknown>,
  ofStore: Record<string, unknown> = {},
  scheme = '',
): StoreSpec {
  const args = ({ portFile }: { portFile: string }): string[] => [
    join(root, 'dist/bench/servers/store.js'),
    JSON.stringify({ portFile, ...options }),
    `${scheme}${join(scratch, `messages-${++files}`)}`,
    JSON.stringify(ofStore),
  ]
  const found = { role: 'tined', command: process.execPath, ready: 'port-file', missing: () => undefined } as const
  return { ...usual, ...found, ...echo, name, args }
}

/** A fresh folder for each start. */
function folder(scratch: string, name: string): string {
  const path = join(scratch, `${name}-${++files}`)
  mkdirSync(path)
  return path
}

const bulk = (...words: string[]): string =>
  `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`

const redis = (scratch: string): StoreSpec => ({
  ...usual,
  name: 'Redis, appendfsync always',
  command: 'redis-server',
  args: ({ port }) => [
    ...['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--dir', folder(scratch, 'redis')],
    ...['--appendonly', 'yes', '--appendfsync', 'always'],
  ],
  missing: () => (onPath('redis-server') ? undefined : 'no redis-server: apt-get install redis-server'),
  request: bulk('XADD', 'messages', '*', 'm', LINE.trim()),
  answer: 'lines:2',
  messages: 1,
})

/** With the client's number. */
const INBOX = '_INBOX.@@@@'

const noNats = (): string | undefined =>
  onPath('nats-server') ? undefined : 'no nats-server: apt-get install nats-server'

const jetstream = (scratch: string): StoreSpec => ({
  ...usual,
  name: 'JetStream (no sync a message)',
  command: 'nats-server',
  args: ({ port }) => ['-a', '127.0.0.1', '-p', `${port}`, '-js', '-sd', folder(scratch, 'nats')],
  missing: noNats,
  setup: { request: `CONNECT {"verbose":false}\r\nSUB ${INBOX} 1\r\n`, answer: 'lines:1' },
  request: `PUB messages ${INBOX} ${LINE.length - 1}\r\n${LINE.trim()}\r\n`,
  answer: 'lines:2',
  messages: 1,
  async prepare(port) {
    const config = JSON.stringify({ name: 'messages', subjects: ['messages'], storage: 'file', num_replicas: 1 })
    const create = `CONNECT {"verbose":false}\r\nSUB made 1\r\nPUB $JS.API.STREAM.CREATE.messages made ${config.length}\r\n${config}\r\n`
    await tell(port, [create], '}\r\n')
  },
})

/** Three servers each have a message before they answer. */
const jetstreamCluster = (scratch: string): StoreSpec => ({
  ...jetstream(scratch),
  name: 'JetStream, 3 replicas (no sync a message)',
  command: process.execPath,
  args: ({ portFile }) => [join(root, 'dist/bench/servers/jetstream.js'), portFile, '3', folder(scratch, 'nats')],
  ready: 'port-file',
  prepare: () => Promise.resolve(),
})

const toStream = (scratch: string, durability: string, servers: number): StoreSpec => ({
  ...tined(`Tined, multiplex, nats, ${durability}${servers > 1 ? ` (${servers})` : ''}`, scratch, {}),
  missing: noNats,
  args: ({ portFile }) => [
    join(root, 'dist/bench/servers/store-nats.js'),
    JSON.stringify({ portFile, model: 'multiplex' }),
    ...[`${servers}`, folder(scratch, 'nats'), durability],
  ],
})

/** imtcp to omfile, which syncs file and folder after each batch of its queue before it goes on. rsyslog.conf(5) */
function rsyslog(scratch: string): StoreSpec {
  const command = installed('rsyslogd')
  const place = folder(scratch, 'rsyslog')
  const keptIn = join(place, 'messages')
  return {
    ...usual,
    name: 'rsyslog, omfile with sync (acknowledges nothing)',
    command: command ?? 'rsyslogd',
    args({ port }) {
      const config = join(place, 'conf')
      writeFileSync(
        config,
        [
          `global(workDirectory="${place}")`,
          'module(load="imtcp" MaxSessions="300")',
          'template(name="bare" type="string" string="%rawmsg%\\n")',
          `input(type="imtcp" address="127.0.0.1" port="${port}")`,
          `action(type="omfile" file="${keptIn}" sync="on" template="bare")\n`,
        ].join('\n'),
      )
      rmSync(keptIn, { force: true })
      return ['-n', '-f', config, '-i', join(place, 'pid')]
    },
    missing: () => (command === undefined ? 'no rsyslogd: apt-get install rsyslog' : undefined),
    ...echo,
    keptIn,
  }
}

const sqlite = (scratch: string): StoreSpec => ({
  ...tined('Tined, multiplex, sqlite', scratch, { model: 'multiplex' }, {}, 'sqlite:'),
  missing: () =>
    isBuiltin('node:sqlite') ? undefined : `no SQLite in Node ${process.versions.node}: run it on Node 22.13 or later`,
})

export const storeSpecs = (scratch: string): StoreSpec[] => [
  tined('Tined, multiplex', scratch, { model: 'multiplex' }),
  tined('Tined, fork', scratch, { model: 'fork' }),
  tined('Tined, prefork', scratch, { model: 'prefork' }),
  tined('Tined, single', scratch, { model: 'single' }),
  tined('Tined, fork, one sync a message', scratch, { model: 'fork' }, { maxBatchMessages: 1 }),
  tined('Tined, multiplex, durability os', scratch, { model: 'multiplex' }, { durability: 'os' }),
  tined('Tined, multiplex, durability memory', scratch, { model: 'multiplex' }, { durability: 'memory' }),
  tined('Tined, fork, durability os', scratch, { model: 'fork' }, { durability: 'os' }),
  tined('Tined, multiplex, segments of 10 MB', scratch, { model: 'multiplex' }, { rotateBytes: 10_000_000 }),
  tined('Tined, multiplex, text', scratch, { model: 'multiplex' }, {}, 'text:'),
  sqlite(scratch),
  redis(scratch),
  postgres(scratch, 1),
  postgres(scratch, 100),
  jetstream(scratch),
  jetstreamCluster(scratch),
  toStream(scratch, 'disk', 1),
  toStream(scratch, 'replicated', 1),
  toStream(scratch, 'replicated', 3),
  rsyslog(scratch),
]

/** What a sync of a millisecond and more costs: alone, and shared. */
export const EACH = 'Tined, fork, one sync a message'
export const slowDiskSpecs = (scratch: string): StoreSpec[] => [
  tined(EACH, scratch, { model: 'fork' }, { maxBatchMessages: 1 }),
  tined('Tined, multiplex', scratch, { model: 'multiplex' }),
  tined('Tined, fork', scratch, { model: 'fork' }),
  redis(scratch),
]
