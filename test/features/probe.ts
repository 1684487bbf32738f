/** What a probe is: one feature of Node, used for real inside a forked child, with an assertion that can fail. */

/** How the child must end. Without one: by itself, with code 0, after `run` has settled. */
export interface Expectation {
  /** @default 0, unless a signal is expected */
  code?: number
  /** Number of the signal that the child must die of. */
  signal?: number
  /** What the output must contain. */
  stdout?: RegExp | string
  stderr?: RegExp | string
}

export interface Probe {
  /** What is claimed, as a sentence. */
  name: string
  /** Throws, or rejects, when the feature misbehaves. */
  run(): Promise<void> | void
  /** Given when the way the child ends is what is probed; `run` need not settle then. */
  expect?: Expectation
  /** Why the probe cannot run on this Node; `undefined` when it can. */
  skip?: () => string | undefined
}

/** What the standard input of every probe holds. */
export const STANDARD_INPUT = 'first line\nsecond line\nthird line\n'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

/** Says that a feature came with a later Node; `undefined` when this one has it. */
export const since =
  (wantedMajor: number, wantedMinor = 0) =>
  (): string | undefined =>
    major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)
      ? undefined
      : `this Node has none before ${wantedMajor}.${wantedMinor}`
