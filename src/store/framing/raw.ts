/** Framing `raw`: what one read brings is a message. TCP promises nothing of where that ends; a chunk longer than allowed is several. */
import type { Cutter, Framing } from './framing.js'

const rawCutter = (maxMessageBytes: number): Cutter => ({
  partial: false,
  take(chunk, deliver) {
    for (let at = 0; at < chunk.length; at += maxMessageBytes) deliver(chunk.subarray(at, at + maxMessageBytes))
    return undefined
  },
  finish: () => undefined,
})

export const raw: Framing = { cutter: rawCutter, frame: (message) => message }
