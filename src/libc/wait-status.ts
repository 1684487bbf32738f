/** The W* macros of sys/wait.h, and the same as one discriminated union. */

export const WIFEXITED = (status: number): boolean => (status & 0x7f) === 0
export const WEXITSTATUS = (status: number): number => (status >> 8) & 0xff
export const WIFSTOPPED = (status: number): boolean => (status & 0xff) === 0x7f
export const WSTOPSIG = (status: number): number => (status >> 8) & 0xff
export const WIFCONTINUED = (status: number): boolean => status === 0xffff
export const WIFSIGNALED = (status: number): boolean =>
  !WIFEXITED(status) && !WIFSTOPPED(status) && !WIFCONTINUED(status)
export const WTERMSIG = (status: number): number => status & 0x7f
export const WCOREDUMP = (status: number): boolean => (status & 0x80) !== 0

/** What became of a child. */
export type WaitStatus =
  | { type: 'exited'; code: number }
  | { type: 'signaled'; signal: number; core: boolean }
  | { type: 'stopped'; signal: number }
  | { type: 'continued' }

/** Decodes the status that waitpid(2) reports. */
export function decodeStatus(status: number): WaitStatus {
  if (WIFCONTINUED(status)) return { type: 'continued' }
  if (WIFEXITED(status)) return { type: 'exited', code: WEXITSTATUS(status) }
  if (WIFSTOPPED(status)) return { type: 'stopped', signal: WSTOPSIG(status) }
  return { type: 'signaled', signal: WTERMSIG(status), core: WCOREDUMP(status) }
}
