/** What is counted of a server's connections. */

/** What workers that accept for themselves count. */
export interface ConnectionCount {
  readonly accepted: number
  readonly connections: number
}

/** What went through a server's connections. */
export interface Traffic {
  bytesRead: number
  bytesWritten: number
  /** Times that bytes came. */
  messages: number
}
