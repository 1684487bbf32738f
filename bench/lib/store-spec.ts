/** What one of the servers is that bench:store compares. */
import type { ServerSpec } from './server-spec.js'

/** 99 bytes and a newline. */
export const LINE = `${'m'.repeat(99)}\n`

/** A server, what each client asks of it, and how the answer ends: as bench/peers/ask.c takes it. */
export interface StoreSpec extends ServerSpec {
  readonly request: Buffer | string
  readonly answer: string
  /** Before the first request of each connection. */
  readonly setup?: { readonly request: Buffer | string; readonly answer: string }
  /** Messages of one request. */
  readonly messages: number
  /** For what acknowledges nothing: the file in which it keeps messages, as they were sent. Then clients do not wait, and its growth is measured. */
  readonly keptIn?: string
  /** Once, when it has started. */
  readonly prepare?: (port: number) => Promise<void>
}
