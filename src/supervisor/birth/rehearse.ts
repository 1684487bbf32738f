/** Has a supervisor rehearsed before there is one, whatever it forks for; nothing of that is left behind. */
import { setTitle } from '../../engine/title.js'
import { lookForPlenty, lookNextTime } from '../../fork/plenty.js'
import { practise as practiseTimers } from '../../reactor/hot-functions.js'
import * as speed from '../../speed/preparation.js'
import type { Scoreboard } from '../scoreboard.js'
import type { Rehearsable, Supervised } from '../supervised.js'

type Subject = Parameters<typeof speed.prepareForConnections>[0]

function practise(): void {
  practiseTimers()
  lookNextTime()
  lookForPlenty()
}

/** @param own of a supervisor of this kind: what it runs, and how one is made */
export function rehearse(
  rehearsal: Rehearsable,
  { listening }: Supervised,
  board: Scoreboard,
  own: Pick<Subject, 'hot' | 'roots' | 'processes' | 'supervisor'>,
): void {
  rehearsal.begin()
  speed.prepareForConnections({
    ...own,
    hot: [...own.hot, ...rehearsal.hot],
    uncalled: rehearsal.uncalled,
    roots: [...own.roots, ...rehearsal.roots],
    sample: rehearsal.sample,
    whileWaiting: (act) => rehearsal.whileWaiting(act),
    address: listening[0]?.address,
    practise,
  })
  rehearsal.end()
  setTitle('tined: supervisor')
  board.showSupervisor()
  board.forgetPast()
}
