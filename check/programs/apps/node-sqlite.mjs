import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

let db
export function open() {
  db = new DatabaseSync(join(process.env.CHECK_FOLDER, 'names.db'), { timeout: 5000 })
  db.exec('pragma busy_timeout = 5000; pragma journal_mode = WAL; create table if not exists names (id text)')
}
export function ask(id) {
  db.prepare('insert into names values (?)').run(id)
  if (db.prepare('pragma quick_check').get().quick_check !== 'ok') return 'corrupt'
  return db.prepare('select id from names where id = ?').get(id)?.id ?? 'not there'
}
export const close = () => db.close()
