import type { Role, SignalName } from './decisions.js'

/** `KILL` to a `writer`: so often. */
export type Sent = Partial<Record<Role, Partial<Record<SignalName, number>>>>

/** What came of one program in one model. */
export interface Outcome {
  readonly node: string
  readonly model: string
  readonly program: string
  readonly seconds: number
  readonly echoes: number
  readonly conversations: number
  readonly restarts: number
  readonly signals: Sent
  /** The longest that a client has waited for anything, while all was well. */
  readonly longestMs: number
  readonly lost: readonly string[]
  readonly twice: readonly string[]
  readonly wrong: readonly string[]
  readonly hung: readonly string[]
  readonly left: readonly string[]
  /** Connections that broke although nobody had touched them. */
  readonly cut: readonly string[]
  /** Whatever else is not as it should be. */
  readonly trouble: readonly string[]
}
