/** Looks of another process, asked for through the channel that Node has between a parent and its child. */
import type { ChildProcess } from 'node:child_process'
import type { Looks } from './looks.js'

type Asked = keyof Looks

interface Question {
  number: number
  asked: Asked
  pid: number
}

interface Answer {
  number: number
  value?: unknown
  /** Why there is none. */
  error?: string
}

/** Answers whatever a child asks. */
export function answer(child: ChildProcess, looks: Looks): void {
  child.on('message', async ({ number, asked, pid }: Question) => {
    const said: Answer = { number }
    try {
      said.value = await (asked === 'snapshot' ? looks.snapshot() : looks[asked](pid))
    } catch (error) {
      said.error = (error as Error).message
    }
    // it may have ended
    if (child.connected) child.send(said, () => {})
  })
}

/** Asks this process's parent. */
export function looksOfParent(): Looks {
  const waiting = new Map<number, (answer: Answer) => void>()
  let asked = 0
  process.on('message', (answer: Answer) => {
    waiting.get(answer.number)?.(answer)
    waiting.delete(answer.number)
  })
  const ask = <Value>(what: Asked, pid = 0): Promise<Value> =>
    new Promise((resolve, reject) => {
      const question: Question = { number: ++asked, asked: what, pid }
      waiting.set(question.number, ({ value, error }) => {
        if (error === undefined) resolve(value as Value)
        else reject(new Error(error))
      })
      process.send?.(question)
    })
  return {
    snapshot: () => ask('snapshot'),
    details: (pid) => ask('details', pid),
    messages: (pid) => ask('messages', pid),
  }
}
