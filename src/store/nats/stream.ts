/** A stream of JetStream's: found or made, and published to. */
import { randomBytes } from 'node:crypto'
import type { headers, Msg, NatsConnection } from '@nats-io/transport-node'
import type { MessageRecord } from '../file/record.js'
import type { StreamAddress } from './address.js'
import { connectTo } from './connect.js'

/** Whoever has not answered for so long does not answer. */
const ANSWER_MS = 5000
/** Headers and subject of a message, with room to spare. */
const HEAD_BYTES = 1024
const NO_RESPONDERS = 503
const MOST_ID_BYTES = 256
/** JetStream's error where there is no such stream. */
const NO_STREAM = 10059

/** How far a publication got. */
export interface Published {
  /** Of the records, the first so many are in the stream. */
  readonly count: number
  /** Why the others may not be. */
  readonly error: Error | undefined
}

/** What JetStream answers. */
interface Answer {
  error?: { code: number; description: string }
}

/**
 * Connects to one of the servers, and looks for the stream, which is made if there is none.
 *
 * @throws {Error} no server there, not allowed, no stream
 */
export async function openStream(address: StreamAddress, server: string): Promise<Stream> {
  const connection = await connectTo(address, server)
  const nats = await import('@nats-io/transport-node')
  try {
    await ensureStream(connection, address)
    return new Stream(connection, address, nats.headers)
  } catch (error) {
    await connection.close()
    throw error
  }
}

async function ensureStream(connection: NatsConnection, { stream, subject, replicas }: StreamAddress): Promise<void> {
  const { jetstreamManager, JetStreamApiError } = await import('@nats-io/jetstream')
  const { streams } = await jetstreamManager(connection, { timeout: ANSWER_MS, checkAPI: false })
  try {
    await streams.info(stream)
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || error.code !== NO_STREAM) throw error
    await streams.add({ name: stream, subjects: [subject], num_replicas: replicas })
  }
}

export class Stream {
  readonly #connection: NatsConnection
  readonly #address: StreamAddress
  readonly #headers: typeof headers
  readonly #inbox = `_INBOX.${randomBytes(12).toString('hex')}`
  /** By its number, the place of each record that has not been answered for. */
  readonly #waiting = new Map<number, number>()
  #next = 0
  #answeredMs = 0
  #answered: (place: number, error: Error | undefined) => void = () => {}
  #closed: (error: Error) => void = () => {}

  constructor(connection: NatsConnection, address: StreamAddress, makeHeaders: typeof headers) {
    this.#connection = connection
    this.#address = address
    this.#headers = makeHeaders
    connection.subscribe(`${this.#inbox}.*`, { callback: (_error, answer) => this.#hear(answer) })
    void connection
      .closed()
      .then((error) => this.#closed(error instanceof Error ? error : new Error('the connection was closed')))
  }

  /**
   * Publishes records, each with an id by which the stream knows one that it has, and waits until it has answered for all. Never
   * rejected.
   */
  async publish(records: readonly MessageRecord[]): Promise<Published> {
    const most = (this.#connection.info?.max_payload ?? Number.POSITIVE_INFINITY) - HEAD_BYTES
    const large = records.find(({ message }) => message.length > most)
    if (large === undefined) return this.#publish(records)
    const { seq, message } = large
    const before = await this.#publish(records.slice(0, records.indexOf(large)))
    const error = new Error(`message ${seq} has ${message.length} bytes, and the server takes ${most} (max_payload)`)
    return { count: before.count, error: before.error ?? error }
  }

  close(): Promise<void> {
    return this.#connection.close()
  }

  async #publish(records: readonly MessageRecord[]): Promise<Published> {
    const failures = new Map<number, Error>()
    let sent = 0
    this.#answeredMs = performance.now()
    const broken = await new Promise<Error | undefined>((resolve) => {
      const silent = (): boolean => performance.now() - this.#answeredMs > ANSWER_MS
      const timer = setInterval(() => silent() && end(new Error(`no answer for ${ANSWER_MS} ms`)), ANSWER_MS / 10)
      const end = (error?: Error): void => {
        clearInterval(timer)
        resolve(error)
      }
      this.#closed = end
      this.#answered = (place, error) => {
        if (error !== undefined) failures.set(place, error)
        if (this.#waiting.size === 0 && sent === records.length) end()
      }
      try {
        for (const record of records) this.#send(sent++, record)
      } catch (error) {
        end(error as Error)
      }
      if (records.length === 0) end()
    })
    const count = Math.min(records.length, ...failures.keys(), ...this.#waiting.values())
    this.#waiting.clear()
    return { count, error: failures.get(count) ?? broken }
  }

  #send(place: number, record: MessageRecord): void {
    const { stream, subject, id } = this.#address
    const { seq, time, peer, message } = record
    const head = this.#headers()
    head.set('Nats-Msg-Id', (id === 'word' ? firstWord(message) : undefined) ?? `${record.connection}:${record.n}`)
    head.set('Nats-Expected-Stream', stream)
    head.set('Tined-Seq', String(seq))
    head.set('Tined-Time', time)
    head.set('Tined-Peer', peer)
    const number = this.#next++
    this.#waiting.set(number, place)
    this.#connection.publish(subject, message, { reply: `${this.#inbox}.${number}`, headers: head })
  }

  #hear({ subject, headers: head, data }: Msg): void {
    const number = Number(subject.slice(this.#inbox.length + 1))
    const place = this.#waiting.get(number)
    if (place === undefined) return
    this.#waiting.delete(number)
    this.#answeredMs = performance.now()
    const { subject: to } = this.#address
    this.#answered(place, head?.code === NO_RESPONDERS ? new Error(`no stream takes ${to} now`) : errorIn(data))
  }
}

/** Undefined where a header cannot have it. */
const firstWord = (message: Buffer): string | undefined => {
  const end = message.indexOf(' ')
  const word = message.toString('latin1', 0, end < 0 ? Math.min(message.length, MOST_ID_BYTES + 1) : end)
  return /^[!-~]+$/.test(word) && word.length <= MOST_ID_BYTES ? word : undefined
}

function errorIn(data: Uint8Array): Error | undefined {
  const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString()
  try {
    const { error } = JSON.parse(text) as Answer
    return error === undefined ? undefined : new Error(`${error.description} (${error.code})`)
  } catch {
    return new Error(`an answer that is none: ${text.slice(0, 80)}`)
  }
}
