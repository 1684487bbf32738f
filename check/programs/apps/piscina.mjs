import { Piscina } from 'piscina'

let pool
export async function open() {
  pool = new Piscina({ filename: new URL('./piscina-task.mjs', import.meta.url).href, minThreads: 1, maxThreads: 2 })
  await ask('open')
}
export const ask = (id) => pool.run(id)
export const close = () => pool.destroy()
