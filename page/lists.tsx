/** Warnings, the last ends, what could not be read, and what each kind of thing is. */
import type { ServerShot } from '../src/page/shapes.ts'
import { Explained } from './explained.tsx'
import { useTexts } from './language.ts'
import { nameOf } from './names.ts'
import { time } from './words.ts'

/** Of many in the same way, one says enough. */
const MOST_WARNINGS = 8

export function Warnings({ server }: { server: ServerShot }) {
  const texts = useTexts()
  const more = server.warnings.length - MOST_WARNINGS
  return (
    <section class="card warnings" aria-labelledby="warnings">
      <h2 id="warnings">{texts.warnings}</h2>
      <div aria-live="polite">
        {server.warnings.length === 0 ? (
          <p class="quiet">{texts.noWarnings}</p>
        ) : (
          <ul>
            {server.warnings.slice(0, MOST_WARNINGS).map(({ kind, pid, text }) => (
              <li key={`${kind} ${pid}`}>{texts.warned[kind]?.(pid) ?? text}</li>
            ))}
            {more > 0 && <li>{texts.more(more)}</li>}
          </ul>
        )}
        {server.notes.length > 0 && (
          <p>
            {texts.notes}: {server.notes.join('; ')}
          </p>
        )}
      </div>
    </section>
  )
}

export function Ends({ server, nowMs }: { server: ServerShot; nowMs: number }) {
  const texts = useTexts()
  return (
    <section class="card ends" aria-labelledby="ends">
      <h2 id="ends">{texts.ends}</h2>
      {server.ends.length === 0 ? (
        <p class="quiet">{texts.noEnds}</p>
      ) : (
        <ol>
          {server.ends.map(({ pid, role, id, reason, isWell, endedMs, livedMs }) => (
            <li key={`${pid} ${endedMs}`} class={isWell ? 'well' : 'badly'}>
              <span class="mark" title={isWell ? texts.wellEnded : texts.badlyEnded}>
                {isWell ? '✓' : '✗'}
                <span class="hidden">{isWell ? texts.wellEnded : texts.badlyEnded}</span>
              </span>
              <span>
                <strong>{nameOf({ role, id, name: role }, texts)}</strong>, {pid}: {texts.reason(reason)}
                <span class="quiet">
                  , {texts.ago(time(nowMs - endedMs))}, {texts.afterLiving(time(livedMs))}
                </span>
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}

export function Kinds() {
  const texts = useTexts()
  return (
    <section class="card" aria-labelledby="kinds">
      <h2 id="kinds">{texts.kinds}</h2>
      <div class="kinds">
        {[texts.roles, texts.states, texts.things]
          .flatMap((kinds) => Object.entries(kinds))
          .map(([key, kind]) => (
            <Explained key={key} kind={kind} />
          ))}
      </div>
    </section>
  )
}
