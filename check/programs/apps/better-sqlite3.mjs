import { join } from 'node:path'
import Database from 'better-sqlite3'

let db
export function open() {
  db = new Database(join(process.env.CHECK_FOLDER, 'names.db'))
  db.pragma('journal_mode = WAL')
  db.exec('create table if not exists names (id text)')
}
export function ask(id) {
  db.prepare('insert into names values (?)').run(id)
  if (db.pragma('quick_check', { simple: true }) !== 'ok') return 'corrupt'
  return db.prepare('select id from names where id = ?').get(id)?.id ?? 'not there'
}
export const close = () => db.close()
