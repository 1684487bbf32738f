/** What has happened to the chosen process. */
import type { ProcessShot, ServerShot } from '../src/page/shapes.ts'
import type { Event, Events } from './events.ts'
import { useTexts } from './language.ts'
import { nameOf } from './names.ts'
import type { Texts } from './texts/texts.ts'
import { time } from './words.ts'

interface Props {
  process: ProcessShot
  server: ServerShot
  events: Events
  nowMs: number
}

function inWords(event: Event, server: ServerShot, texts: Texts): string {
  const words = texts.lastEvents
  const name = (pid: number): string => {
    const there = [...server.processes, ...server.ends.map((end) => ({ ...end, name: end.role }))]
    const process = there.find((each) => each.pid === pid)
    return process === undefined ? `PID ${pid}` : `${nameOf(process, texts)}, ${pid}`
  }
  switch (event.what) {
    case 'came':
      return words.came(event.signal, event.other === 0 ? undefined : name(event.other))
    case 'sent':
      return words.sent(event.signal, name(event.other))
    case 'became':
      return words.became(texts.states[event.state]?.name ?? event.state)
    case 'ended':
      return words.ended(texts.reason(event.reason))
  }
}

export function LastEvents({ process, server, events, nowMs }: Props) {
  const texts = useTexts()
  const { title, started } = texts.lastEvents
  const rows = events
    .of(process.pid)
    .map(({ atMs, ...event }) => ({ atMs, words: inWords({ atMs, ...event }, server, texts) }))
  return (
    <>
      <h3>{title}</h3>
      <ol class="events">
        {[...rows, { atMs: process.startedMs, words: started }].map(({ atMs, words }, place) => (
          <li key={place}>
            {words} <span class="quiet">{texts.ago(time(nowMs - atMs))}</span>
          </li>
        ))}
      </ol>
    </>
  )
}
