/** What a launcher asks its supervisor, and the answers. */
import type { ConnectionInfo, FromSupervisor, Stats, ToSupervisor } from '../channel.js'

type AnswerOf<Type> = Extract<FromSupervisor, { type: Type }>
export type Answer = AnswerOf<'stats' | 'connections' | 'told-to-end'>

const ENDED = 'the server has ended'

export class Questions {
  readonly #send: (question: ToSupervisor) => void
  /** Answers come in the order of the questions. */
  readonly #asked: { resolve(answer: Answer): void; reject(error: Error): void }[] = []
  #ended = false

  constructor(send: (question: ToSupervisor) => void) {
    this.#send = send
  }

  /** The counters. @throws {Error} when the server has ended, or ends meanwhile; of all questions */
  stats(): Promise<Stats> {
    return this.#ask({ type: 'stats' }).then((answer) => (answer as AnswerOf<'stats'>).stats)
  }

  /** Who is connected. */
  async connections(): Promise<ConnectionInfo[]> {
    const connections: ConnectionInfo[] = []
    for (let more = true; more; ) {
      const answer = await this.#ask({ type: 'connections', after: connections.at(-1)?.id ?? 0 })
      const page = answer as AnswerOf<'connections'>
      connections.push(...page.list)
      more = page.more
    }
    return connections
  }

  /** Ends a connection; false when there is no such. */
  end(id: number): Promise<boolean> {
    return this.#ask({ type: 'end', id }).then((answer) => (answer as AnswerOf<'told-to-end'>).found)
  }

  answered(answer: Answer): void {
    this.#asked.shift()?.resolve(answer)
  }

  /** Nobody will answer any more. */
  giveUp(): void {
    this.#ended = true
    for (const { reject } of this.#asked.splice(0)) reject(new Error(ENDED))
  }

  #ask(question: ToSupervisor): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(new Error(ENDED))
      this.#asked.push({ resolve, reject })
      this.#send(question)
    })
  }
}
