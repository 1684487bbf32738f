import bcrypt from 'bcrypt'

export const open = () => ask('open')
export async function ask(id) {
  const hash = await bcrypt.hash(id, 4)
  const [right, wrong] = await Promise.all([bcrypt.compare(id, hash), bcrypt.compare(`not ${id}`, hash)])
  return right && !wrong ? id : 'another hash'
}
export const close = () => {}
