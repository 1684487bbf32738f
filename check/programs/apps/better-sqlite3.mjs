import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'

const file = join(process.env.CHECK_FOLDER, 'names.db')
let db
export function prepare() {
  db = new Database(file)
  db.pragma('journal_mode = WAL')
  db.exec('create table if not exists names (id text)')
  db.close()
}
export function open() {
  db = new Database(file)
}
export function ask(id) {
  db.prepare('insert into names values (?)').run(id)
  if (db.pragma('quick_check', { simple: true }) !== 'ok') return 'corrupt'
  return db.prepare('select id from names where id = ?').get(id)?.id ?? 'not there'
}
/** Each row has to be in it once: counted as the lines of a log are. */
export function close() {
  const rows = db.prepare('select id from names').all()
  appendFileSync(join(process.env.CHECK_FOLDER, 'lines'), rows.map(({ id }) => `says ${id}.\n`).join(''))
  db.close()
}
