import { z } from 'zod'

let schema
export function open() {
  schema = z.object({ id: z.string().min(1), list: z.array(z.number()).length(3) })
}
export function ask(id) {
  if (schema.safeParse({ id, list: ['no'] }).success) return 'accepted nonsense'
  return schema.parse(JSON.parse(JSON.stringify({ id, list: [1, 2, 3] }))).id
}
export const close = () => {}
