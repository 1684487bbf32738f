/** What a framing is: how a client's bytes are cut into messages, and how an answer goes back. Each is a value of this type. */

export interface Framing {
  /**
   * For one connection.
   *
   * @param maxMessageBytes the longest message
   */
  cutter(maxMessageBytes: number): Cutter
  /** How an answer, or the text of an error, goes back. */
  frame(message: Buffer): Buffer
  /** What ends a message, which none can have inside. Left out where that may be anything. */
  readonly delimiter?: Buffer
}

/**
 * Told of each message that is whole; its bytes are valid until the call returns.
 *
 * @param refused why it is not to be stored: its bytes were passed over, and none is given
 */
export type Deliver = (message: Buffer, refused?: string) => void

/** The longest message that a server can be told to take. What says to be longer is no message. */
export const MOST_MESSAGE_BYTES = 16 * 1024 * 1024

/** Cuts the bytes of one connection. What it holds is never more than one message and one chunk. No system calls. */
export interface Cutter {
  /**
   * Takes the client's bytes.
   *
   * @param chunk valid until the call returns
   * @returns why the client is sent away, after the messages that came before; nothing is taken from it then
   */
  take(chunk: Buffer, deliver: Deliver): string | undefined
  /**
   * The client sends no more.
   *
   * @returns why what it sent last is no message
   */
  finish(deliver: Deliver): string | undefined
  /** Whether a message has begun that is not whole yet. */
  readonly partial: boolean
}

/** Said of a message that is longer than allowed. */
export const tooLong = (maxMessageBytes: number): string => `message longer than ${maxMessageBytes} bytes`
