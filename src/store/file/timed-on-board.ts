/** Shows on the scoreboard that this process stores, and how long it takes. */
import { slots } from '../../reactor/slot.js'
import { STORES, SYNC_TIMES } from '../../supervisor/board-layout.js'
import { headBefore, Times } from '../../supervisor/times.js'
import { type AppendFile, TimedFile } from './store-file.js'

export function timedOnBoard(file: AppendFile): TimedFile {
  const head = headBefore(slots())
  head[STORES] = 1
  const times = new Times(head, SYNC_TIMES)
  return new TimedFile(file, (ms) => times.add(ms))
}
