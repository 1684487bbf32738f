/** The page: a server at a time. */
import { useEffect, useState } from 'preact/hooks'
import type { ServerShot } from '../src/page/shapes.ts'
import { Header } from './header.tsx'
import { firstLanguage, LANGUAGES, type Language, remember, TextsContext } from './language.ts'
import { Kinds } from './lists.tsx'
import { ServerPart } from './server-part.tsx'
import { keyOf, type Seen, useSnapshots } from './stream.ts'
import type { Texts } from './texts/texts.ts'

const titleOf = ({ listening, root }: ServerShot): string =>
  listening.length === 0 ? `PID ${root}` : listening.join(', ')

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
