/** Many clients of a soak server, so many at a time, each with a deadline. */
import { connect } from 'node:net'

export interface Question {
  text: string
  answer: string
}

export interface Outcome {
  /** In order of their end. */
  latenciesMs: number[]
  wrong: string[]
  hung: string[]
}

const DEADLINE_MS = 20_000

class Hung extends Error {}

function ask(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    const deadline = setTimeout(() => socket.destroy(new Hung(`no answer within ${DEADLINE_MS / 1000} s`)), DEADLINE_MS)
    socket.setEncoding('utf8')
    socket.on('data', (chunk) => {
      answer += chunk
    })
    socket.on('error', reject)
    socket.on('close', () => {
      clearTimeout(deadline)
      resolve(answer)
    })
    socket.end(text)
  })
}

const shorten = (text: string): string => (text.length > 80 ? `${text.slice(0, 80)}…` : text)

/** @param onHung called as soon as a client has waited too long, while its process still runs */
export async function askAll(
  port: number,
  questions: Iterator<Question>,
  atOnce: number,
  onHung: (text: string) => void,
): Promise<Outcome> {
  const outcome: Outcome = { latenciesMs: [], wrong: [], hung: [] }
  async function client(): Promise<void> {
    for (let next = questions.next(); next.done !== true; next = questions.next()) {
      const { text, answer } = next.value
      const started = performance.now()
      try {
        const got = await ask(port, `${text}\n`)
        outcome.latenciesMs.push(performance.now() - started)
        if (got !== answer) outcome.wrong.push(`${text}: got ${shorten(got)}, expected ${shorten(answer)}`)
      } catch (error) {
        if (error instanceof Hung) {
          outcome.hung.push(text)
          onHung(text)
        } else outcome.wrong.push(`${text}: ${(error as Error).message}`)
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, client))
  return outcome
}
