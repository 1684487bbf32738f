/** Notes of a connection, for whoever is told how it ended, that its handler has failed. */
import { FATE, HANDLER_FAILED, type Slot } from '../../reactor/slot.js'

/** What comes first counts. */
export function markFailed(row: Slot | undefined): void {
  if (row?.word(FATE) === 0) row.show(FATE, HANDLER_FAILED)
}
