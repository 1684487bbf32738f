/** Forking was refused because the child could hang, crash or share what it must not. */
export class ForkRefused extends Error {
  override readonly name = 'ForkRefused'
  readonly code = 'ERR_FORK_REFUSED'

  constructor(
    /** What is in the way. */
    readonly reason: string,
    /** What the caller can do about it. */
    readonly remedy: string,
  ) {
    super(`refusing to fork: ${reason}. ${remedy}`)
  }
}
