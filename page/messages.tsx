/** The last messages of a store, asked for only while they are shown. */
import { useEffect, useState } from 'preact/hooks'
import type { MessageShot, ServerShot } from '../src/page/shapes.ts'
import { useTexts } from './language.ts'

type Answer = readonly MessageShot[] | 'forbidden' | undefined

async function ask(pid: number): Promise<Answer> {
  const response = await fetch(`/api/messages?pid=${pid}`)
  if (response.status === 403) return 'forbidden'
  return response.ok ? ((await response.json()) as { messages: MessageShot[] }).messages : undefined
}

export function Messages({ server, nowMs }: { server: ServerShot; nowMs: number }) {
  const texts = useTexts()
  const [isShown, setIsShown] = useState(false)
  const [answer, setAnswer] = useState<Answer>()
  const isStore = server.syncTimes !== undefined
  const writer = server.processes.find(({ role }) => role === 'writer' || (isStore && role === 'single'))?.pid
  // nowMs: again with each look
  useEffect(() => {
    if (isShown && writer !== undefined)
      ask(writer)
        .then(setAnswer)
        .catch(() => setAnswer(undefined))
  }, [isShown, writer, nowMs])
  if (writer === undefined) return null
  return (
    <section class="card messages" aria-labelledby="messages">
      <h2 id="messages">
        {texts.lastMessages}{' '}
        <button type="button" class="small" aria-pressed={isShown} onClick={() => setIsShown(!isShown)}>
          {isShown ? texts.hide : texts.show}
        </button>
      </h2>
      {isShown && answer === 'forbidden' && <p>{texts.messagesForbidden}</p>}
      {isShown && Array.isArray(answer) && answer.length === 0 && <p class="quiet">{texts.noMessages}</p>}
      {isShown && Array.isArray(answer) && answer.length > 0 && (
        <ol>
          {answer.map(({ time, peer, text }: MessageShot, place) => (
            <li key={place}>
              <code>{text}</code>
              {time !== undefined && (
                <span class="quiet">
                  {' '}
                  {peer}, {new Date(time).toLocaleTimeString()}
                </span>
              )}
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}
