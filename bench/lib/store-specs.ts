/** What bench:store compares: Tined in each model, with one sync a message, and what else keeps a message before it answers. */
import { execFileSync } from 'node:child_process'
import { chownSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { until } from './deadline.js'
import { installed, installedPostgres, nobody } from './installed.js'
import { onPath, root } from './paths.js'
import { type ServerSpec, usual } from './server-spec.js'

/** 99 bytes and a newline. */
const LINE = `${'m'.repeat(99)}\n`

/** A server, what each client asks of it, and how the answer ends: as bench/peers/ask.c takes it. */
export interface StoreSpec extends ServerSpec {
  readonly request: Buffer | string
  readonly answer: string
  /** Before the first request of each connection. */
  readonly setup?: { readonly request: Buffer | string; readonly answer: string }
  /** Messages of one request. */
  readonly messages: number
  /** For what acknowledges nothing: the file in which it keeps messages, as they were sent. Then clients do not wait, and its growth is measured. */
  readonly keptIn?: string
  /** Once, when it has started. */
  readonly prepare?: (port: number) => Promise<void>
}

const echo = { request: LINE, answer: `bytes:${LINE.length}`, messages: 1 } as const

let files = 0

function tined(name: string, scratch: string, options: Record<string, unknown>, most = 0): StoreSpec {
  const args = ({ portFile }: { portFile: string }): string[] => [
    join(root, 'dist/bench/servers/store.js'),
    JSON.stringify({ portFile, ...options }),
    join(scratch, `messages-${++files}.ndjson`),
    `${most}`,
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

/** `Z`, length 5, idle: ready for the next query. */
const READY = 'ends:5a0000000549'

function query(sql: string): Buffer {
  const text = Buffer.from(`${sql}\0`)
  const head = Buffer.from('Q\0\0\0\0')
  head.writeUInt32BE(text.length + 4, 1)
  return Buffer.concat([head, text])
}

function startup(): Buffer {
  const text = Buffer.from('\0\x03\0\0user\0tined\0database\0postgres\0\0', 'latin1')
  const length = Buffer.alloc(4)
  length.writeUInt32BE(text.length + 4)
  return Buffer.concat([length, text])
}

const START_MS = 10_000

/** Sends it on a connection of its own, each part once the answer to the one before ends with `end`; again where it is too early. */
const tell = (port: number, parts: readonly (Buffer | string)[], end: string): Promise<void> =>
  until(
    () =>
      tellOnce(port, parts, end).then(
        () => true as const,
        () => undefined,
      ),
    START_MS,
    'preparing',
  ).then(() => {})

function tellOnce(port: number, parts: readonly (Buffer | string)[], end: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let left = [...parts]
    let got = ''
    const next = (): void => {
      got = ''
      const [part, ...rest] = left
      if (part === undefined) socket.end(resolve)
      else socket.write(part)
      left = rest
    }
    socket.on('data', (chunk) => {
      got += chunk.toString('latin1')
      if (got.endsWith(end)) next()
    })
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the server closed the connection')))
    socket.on('connect', next)
  })
}

function postgres(scratch: string, rows: number): StoreSpec {
  const [initdb, server] = [installedPostgres('initdb'), installedPostgres('postgres')]
  const data = join(scratch, `postgres-${rows}`)
  const asNobody = ['--reuid=nobody', '--regid=nogroup', '--clear-groups']
  return {
    ...usual,
    name: rows === 1 ? 'PostgreSQL, a row a commit' : `PostgreSQL, ${rows} rows a commit`,
    command: 'setpriv',
    args({ port }) {
      rmSync(data, { recursive: true, force: true })
      mkdirSync(data)
      const { uid, gid } = nobody()
      chownSync(data, uid, gid)
      const made = [initdb as string, '-D', data, '-U', 'tined', '-A', 'trust', '--no-sync']
      execFileSync('setpriv', [...asNobody, ...made], { cwd: data, stdio: 'ignore' })
      const settings = ['max_connections=220', `unix_socket_directories=${data}`, 'listen_addresses=127.0.0.1']
      const options = settings.flatMap((setting) => ['-c', setting])
      return [...asNobody, server as string, '-D', data, '-p', `${port}`, ...options]
    },
    missing: () =>
      initdb === undefined || server === undefined || process.getuid?.() !== 0
        ? 'PostgreSQL is not here, or nobody to start it as: as root, apt-get install postgresql'
        : undefined,
    setup: { request: startup(), answer: READY },
    request: query(`insert into messages values ${Array.from({ length: rows }, () => `('${LINE.trim()}')`).join(',')}`),
    answer: READY,
    messages: rows,
    prepare: (port) => tell(port, [startup(), query('create table messages (line text)')], 'Z\0\0\0\x05I'),
  }
}

/** With the client's number. */
const INBOX = '_INBOX.@@@@'

const jetstream = (scratch: string): StoreSpec => ({
  ...usual,
  name: 'JetStream (no sync a message)',
  command: 'nats-server',
  args: ({ port }) => ['-a', '127.0.0.1', '-p', `${port}`, '-js', '-sd', folder(scratch, 'nats')],
  missing: () => (onPath('nats-server') ? undefined : 'no nats-server: apt-get install nats-server'),
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

export const storeSpecs = (scratch: string): StoreSpec[] => [
  tined('Tined, multiplex', scratch, { model: 'multiplex' }),
  tined('Tined, fork', scratch, { model: 'fork' }),
  tined('Tined, prefork', scratch, { model: 'prefork' }),
  tined('Tined, single', scratch, { model: 'single' }),
  tined('Tined, fork, one sync a message', scratch, { model: 'fork' }, 1),
  redis(scratch),
  postgres(scratch, 1),
  postgres(scratch, 100),
  jetstream(scratch),
  rsyslog(scratch),
]
