/** What a connection shows of itself on the scoreboard: in its process's slot, and in a row of its own if it has one. */
import { constants } from 'node:os'
import { PosixError } from '../../libc/posix-error.js'
import { BYTES_READ, CONNECTION, count, DESCRIPTOR, FATE, MESSAGES, type Slot, show } from '../../reactor/slot.js'

/** Whoever watches over this process learns whom it serves just now. */
export function showServed(id: number, fd: number): void {
  show(CONNECTION, id)
  show(DESCRIPTOR, fd)
}

export function showReceived(row: Slot | undefined, bytes: number): void {
  count(BYTES_READ, bytes)
  count(MESSAGES, 1)
  if (row === undefined) return
  row.count(BYTES_READ, bytes)
  row.count(MESSAGES, 1)
}

/** For whoever is told how connections end: what it was lost of; the first counts. */
export function showFate(row: Slot | undefined, error: Error): void {
  const { code = '' } = error as NodeJS.ErrnoException
  const errno = error instanceof PosixError ? -error.errno : (constants.errno[code as 'EIO'] ?? constants.errno.EIO)
  if (row === undefined) show(FATE, errno)
  else if (row.word(FATE) === 0) row.show(FATE, errno)
}
