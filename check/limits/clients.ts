/** Clients that come while something is short. */
import { Client } from '../../test/harness/client.js'

const PATIENCE_MS = 25_000

/** Asks until there is an answer or none can come. */
async function ask(client: Client, text: string): Promise<string> {
  const deadline = performance.now() + PATIENCE_MS
  for (;;) {
    try {
      return await client.takeText(text.length)
    } catch (error) {
      if (!/^no \d+ bytes within/.test((error as Error).message) || performance.now() > deadline) throw error
    }
  }
}

export interface Crowd {
  /** How many have no answer yet. */
  waiting(): number
  /** How many never got theirs. */
  lost(): Promise<number>
}

/** So many clients at once, each with a line of its own that has to come back. */
export function crowd(address: string, count: number): Crowd {
  let answered = 0
  const all = Array.from({ length: count }, async (_, index) => {
    const text = `client ${index} of ${count}\n`
    const client = await Client.connect(address)
    try {
      const right = (await ask(client.send(text), text)) === text
      if (right) answered++
      return right
    } finally {
      client.close()
    }
  })
  // looked at once the shortage is over
  for (const one of all) one.catch(() => {})
  return {
    waiting: () => count - answered,
    lost: async () => {
      const answers = await Promise.allSettled(all)
      return answers.filter((answer) => answer.status === 'rejected' || !answer.value).length
    },
  }
}
