/** An answer, and how it goes out. */
import { type ServerResponse, STATUS_CODES } from 'node:http'
import { HEADERS } from './headers.js'

export interface Reply {
  status: number
  type: string
  body: string | Buffer
  headers?: Readonly<Record<string, string>>
}

export const textReply = (status: number, body: string, headers = {}): Reply => ({
  ...{ status, body, headers },
  type: 'text/plain; charset=utf-8',
})

export const jsonReply = (value: object): Reply => ({
  status: 200,
  type: 'application/json; charset=utf-8',
  body: JSON.stringify(value),
})

/** `404 Not Found: there is no such page` */
export const refusal = (status: number, why: string, headers = {}): Reply =>
  textReply(status, `${status} ${STATUS_CODES[status]}: ${why}\n`, headers)

export function send(response: ServerResponse, { status, type, body, headers }: Reply): void {
  const bytes = Buffer.from(body)
  response.writeHead(status, { ...HEADERS, 'Content-Type': type, 'Content-Length': bytes.length, ...headers })
  // to HEAD Node sends no body
  response.end(bytes)
}
