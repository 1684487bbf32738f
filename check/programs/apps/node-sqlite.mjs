import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

const file = join(process.env.CHECK_FOLDER, 'names.db')
let db
export function prepare() {
  db = new DatabaseSync(file)
  db.exec('pragma journal_mode = WAL; create table if not exists names (id text)')
  db.close()
}
export function open() {
  db = new DatabaseSync(file)
  db.exec('pragma busy_timeout = 5000')
}
export function ask(id) {
  db.prepare('insert into names values (?)').run(id)
  if (db.prepare('pragma quick_check').get().quick_check !== 'ok') return 'corrupt'
  return db.prepare('select id from names where id = ?').get(id)?.id ?? 'not there'
}
/** Each row has to be in it once: counted as the lines of a log are. */
export function close() {
  const rows = db.prepare('select id from names').all()
  appendFileSync(join(process.env.CHECK_FOLDER, 'lines'), rows.map(({ id }) => `says ${id}.\n`).join(''))
  db.close()
}
