/** How long this process waits for a reader of its standard output that takes nothing at all. */

export const PATIENCE_MS = 5000
/** Of a process that was told to end: launcher and supervisor may wait one after the other. */
const HURRIED_MS = 1500

let ms = PATIENCE_MS

export const patienceMs = (): number => ms

/** From now on a reader is waited for as long as it takes, as in C. */
export function waitForReaders(): void {
  ms = Number.POSITIVE_INFINITY
}

/** What is written from now on is written on the way to the end. */
export function hurry(): void {
  ms = Math.min(ms, HURRIED_MS)
}

/** There is no hurry any more. */
export function takeTime(): void {
  ms = Math.max(ms, PATIENCE_MS)
}
