import { setTimeout as delay } from 'node:timers/promises'

export const open = () => {}
export const ask = (id) => delay(Math.random() * 10, id)
export const close = () => {}
