/** One server: its processes, what is chosen of them, and what else is known of it. */
import { useEffect, useState } from 'preact/hooks'
import type { EndShot, ProcessShot, ServerShot } from '../src/page/shapes.ts'
import { Charts } from './charts.tsx'
import { Details } from './details.tsx'
import { ProcessDrawing } from './drawing.tsx'
import { GroupDetails } from './group-details.tsx'
import { LastEvents } from './last-events.tsx'
import type { Box } from './layout.ts'
import { Ends, Warnings } from './lists.tsx'
import { Messages } from './messages.tsx'
import { Pipes } from './pipes.tsx'
import { Squares } from './squares.tsx'
import { keyOf, type Seen } from './stream.ts'
import type { Texts } from './texts/texts.ts'

/** As it was when it was last seen. */
type Chosen = Pick<Box, 'key' | 'process' | 'group'> & { end?: EndShot }

/** The same processes as they are now; who is gone stays as it was known last. */
function renewed(chosen: Chosen, { processes, ends }: ServerShot): Chosen {
  const now = (process: ProcessShot): ProcessShot => processes.find(({ pid }) => pid === process.pid) ?? process
  const { key, process, group } = chosen
  if (group === undefined) {
    const isThere = processes.some(({ pid }) => pid === process.pid)
    // the last ends are few: later ones push it out
    const end = isThere ? undefined : (chosen.end ?? ends.find(({ pid }) => pid === process.pid))
    return { key, process: now(process), ...(end === undefined ? {} : { end }) }
  }
  const there = group.filter(({ pid }) => processes.some((each) => each.pid === pid))
  return { key, process, group: there.map(now) }
}

export function ServerPart({ server, seen, texts }: { server: ServerShot; seen: Seen; texts: Texts }) {
  const [chosen, setChosen] = useState<Chosen>()
  useEffect(() => setChosen((before) => before && renewed(before, server)), [server])
  const nowMs = seen.snapshot?.timeMs ?? 0
  const history = seen.histories.get(keyOf(server))
  const events = seen.events.get(keyOf(server))
  const close = (): void => setChosen(undefined)
  const choose = (process: ProcessShot): void => setChosen({ key: `${process.pid}`, process })
  const isThere = server.processes.some(({ pid }) => pid === chosen?.process.pid)
  return (
    <div class="columns">
      <div>
        <section class="card" aria-labelledby="processes">
          <h2 id="processes" tabIndex={-1}>
            {texts.processes}
          </h2>
          <p class="quiet">{texts.drawing}</p>
          <ProcessDrawing
            server={server}
            gone={seen.gone.get(keyOf(server)) ?? []}
            flights={seen.flights.get(keyOf(server)) ?? []}
            chosen={chosen?.key}
            choose={setChosen}
          />
          <Squares
            server={server}
            gone={seen.gone.get(keyOf(server)) ?? []}
            chosen={chosen?.process.pid}
            choose={choose}
          />
          <Pipes server={server} />
        </section>
        {history !== undefined && <Charts history={history} />}
      </div>
      <div class="side">
        <Warnings server={server} />
        {chosen === undefined && (
          <section class="card" aria-labelledby="details">
            <h2 id="details">{texts.details}</h2>
            <p class="quiet">{texts.detailsHint}</p>
          </section>
        )}
        {chosen !== undefined && chosen.group === undefined && (
          <Details process={chosen.process} isThere={isThere} end={chosen.end} nowMs={nowMs} close={close}>
            {events !== undefined && (
              <LastEvents process={chosen.process} server={server} events={events} nowMs={nowMs} />
            )}
          </Details>
        )}
        {chosen?.group !== undefined && <GroupDetails group={chosen.group} choose={choose} close={close} />}
        <Messages server={server} nowMs={nowMs} />
        <Ends server={server} nowMs={nowMs} />
      </div>
    </div>
  )
}
