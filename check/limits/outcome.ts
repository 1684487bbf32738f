/** What came of one shortage. */
export interface Outcome {
  readonly node: string
  readonly model: string
  /** `callbacks` without a loop, `async`, or the store. */
  readonly handler: string
  readonly starved: string
  readonly clients: number
  /** Had no answer yet when the shortage was over, or had to wait for others. */
  readonly waited: number
  /** Were ended by the kernel, which is what the scenario is about. */
  readonly ended: number
  readonly lost: number
  /** What the server said at warn and above, each once, with how often. */
  readonly logged: readonly string[]
  /** Why it was not run. */
  readonly skipped?: string
  /** Whatever else is not as it should be. */
  readonly trouble?: string
}
