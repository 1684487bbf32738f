/** PostgreSQL in bench:store: rows that are inserted, so many a commit. */
import { execFileSync } from 'node:child_process'
import { chownSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { installedPostgres, nobody } from './installed.js'
import { usual } from './server-spec.js'
import { LINE, type StoreSpec } from './store-spec.js'
import { tell } from './tell-server.js'

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

export function postgres(scratch: string, rows: number): StoreSpec {
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
