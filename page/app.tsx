/** The page: one server at a time, its processes, what is chosen of them, and what else is known. */
import { useEffect, useState } from 'preact/hooks'
import type { EndShot, ProcessShot, ServerShot } from '../src/page/shapes.ts'
import { Charts } from './charts.tsx'
import { Details } from './details.tsx'
import { ProcessDrawing } from './drawing.tsx'
import { firstLanguage, LANGUAGES, type Language, remember, TextsContext } from './language.ts'
import { Ends, Kinds, Warnings } from './lists.tsx'
import { keyOf, type Seen, useSnapshots } from './stream.ts'
import type { Texts } from './texts/texts.ts'

const titleOf = ({ listening, root }: ServerShot): string =>
  listening.length === 0 ? `PID ${root}` : listening.join(', ')

function Header({
  texts,
  language,
  choose,
}: {
  texts: Texts
  language: Language
  choose: (language: Language) => void
}) {
  return (
    <header>
      <a class="skip" href="#processes">
        {texts.skip}
      </a>
      <h1>Tined</h1>
      <fieldset class="languages">
        <legend class="hidden">{texts.language}</legend>
        {(Object.keys(LANGUAGES) as Language[]).map((each) => (
          <button key={each} type="button" lang={each} aria-pressed={each === language} onClick={() => choose(each)}>
            {LANGUAGES[each].name}
          </button>
        ))}
      </fieldset>
    </header>
  )
}

function ServerPart({ server, seen, texts }: { server: ServerShot; seen: Seen; texts: Texts }) {
  const [chosen, setChosen] = useState<ProcessShot>()
  const nowMs = seen.snapshot?.timeMs ?? 0
  const gone = seen.gone.get(keyOf(server)) ?? []
  const process = server.processes.find(({ pid }) => pid === chosen?.pid) ?? chosen
  const isThere = server.processes.some(({ pid }) => pid === chosen?.pid)
  const end: EndShot | undefined = isThere ? undefined : server.ends.find(({ pid }) => pid === chosen?.pid)
  // what is known of it when it is gone is what was known last
  useEffect(() => setChosen(process), [process])
  const history = seen.histories.get(keyOf(server))
  return (
    <>
      <div class="columns">
        <section class="card" aria-labelledby="processes">
          <h2 id="processes" tabIndex={-1}>
            {texts.processes}
          </h2>
          <p class="quiet">{texts.drawing}</p>
          <ProcessDrawing
            server={server}
            gone={gone}
            chosen={chosen?.pid}
            choose={(pid) =>
              setChosen([...server.processes, ...gone.map((each) => each.process)].find((each) => each.pid === pid))
            }
          />
        </section>
        <div class="side">
          <Warnings server={server} />
          {process === undefined ? (
            <section class="card" aria-labelledby="details">
              <h2 id="details">{texts.details}</h2>
              <p class="quiet">{texts.detailsHint}</p>
            </section>
          ) : (
            <Details process={process} end={end} nowMs={nowMs} close={() => setChosen(undefined)} />
          )}
          <Ends server={server} nowMs={nowMs} />
        </div>
      </div>
      {history !== undefined && <Charts history={history} />}
    </>
  )
}

function Servers({ seen, texts }: { seen: Seen; texts: Texts }) {
  const [chosen, setChosen] = useState<number>()
  const { snapshot } = seen
  if (snapshot === undefined) return <p class="quiet">{texts.connecting}</p>
  const server = snapshot.servers.find((each) => keyOf(each) === chosen) ?? snapshot.servers[0]
  if (server === undefined)
    return (
      <section class="card">
        <p>{snapshot.problem ?? texts.noServer}</p>
        <p>{texts.noServerHint}</p>
        <pre>
          <code>tined echo</code>
        </pre>
      </section>
    )
  return (
    <>
      <nav class="servers" aria-label={texts.servers}>
        {snapshot.servers.map((each) => (
          <button key={keyOf(each)} type="button" aria-pressed={each === server} onClick={() => setChosen(keyOf(each))}>
            <strong>{titleOf(each)}</strong>
            <span>{texts.summary(each.connections, each.processes.length)}</span>
          </button>
        ))}
      </nav>
      <ServerPart key={keyOf(server)} server={server} seen={seen} texts={texts} />
      <Kinds />
      <footer class="quiet">
        {texts.looked(`${Number((snapshot.everyMs / 1000).toFixed(1))}`, snapshot.lookCpuMs.toFixed(0))}
      </footer>
    </>
  )
}

export function App() {
  const [language, setLanguage] = useState<Language>(firstLanguage)
  const seen = useSnapshots()
  const { texts } = LANGUAGES[language]
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  const choose = (each: Language): void => {
    remember(each)
    setLanguage(each)
  }
  return (
    <TextsContext.Provider value={texts}>
      <Header texts={texts} language={language} choose={choose} />
      <main>
        <p class="lost" role="status">
          {seen.isLost ? texts.lost : ''}
        </p>
        <Servers seen={seen} texts={texts} />
      </main>
    </TextsContext.Provider>
  )
}
