import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'

let db
export async function open() {
  db = drizzle(process.env.CHECK_POSTGRES)
  await db.execute(sql`select 1`)
}
export async function ask(id) {
  const { rows } = await db.execute(sql`select ${id}::text as id, pg_sleep(random() * 0.01)`)
  return rows[0].id
}
export const close = () => db.$client.end()
