/** Pipes between processes: who writes, how full it is, who reads. */
import type { PipeShot, ServerShot } from '../src/page/shapes.ts'
import { Explained } from './explained.tsx'
import { useTexts } from './language.ts'
import { nameOf } from './names.ts'
import type { Texts } from './texts/texts.ts'
import { size } from './words.ts'

/** Of empty ones, so many with everything else. */
const MOST_EMPTY = 3

/** The fullest first, as they come; of the many empty ones of a server with many connections only some. */
const shownOf = (pipes: readonly PipeShot[]): PipeShot[] =>
  pipes.filter(({ bytes }, place) => bytes > 0 || place < MOST_EMPTY)

/** Named one by one; of more there is a count. */
const MOST_NAMED = 2

function Holders({ holders, server, texts }: { holders: PipeShot['from']; server: ServerShot; texts: Texts }) {
  const names = holders.pids.slice(0, MOST_NAMED).map((pid) => {
    const process = server.processes.find((each) => each.pid === pid)
    return process === undefined ? `${pid}` : nameOf(process, texts)
  })
  const more = holders.count - names.length
  return <span class="holders">{`${names.join(', ')}${more > 0 ? ` +${more}` : ''}`}</span>
}

export function Pipes({ server }: { server: ServerShot }) {
  const texts = useTexts()
  if (server.pipes.length === 0) return null
  const shown = shownOf(server.pipes)
  const hidden = server.pipes.length - shown.length
  return (
    <div class="pipes">
      <h3>{texts.pipes}</h3>
      <Explained kind={texts.things['pipe']} />
      <ul>
        {shown.map(({ inode, bytes, room, from, to }) => {
          const fill = texts.fill(size(bytes), size(room))
          return (
            <li key={inode} class={bytes >= room ? 'pipe full' : 'pipe'} data-pipe={inode}>
              <Holders holders={from} server={server} texts={texts} />
              <span class="tube">
                <meter min={0} max={room} value={bytes} aria-label={texts.pipeOf(inode)} title={fill}>
                  {fill}
                </meter>
                <span class="fill">{fill}</span>
              </span>
              <Holders holders={to} server={server} texts={texts} />
            </li>
          )
        })}
      </ul>
      {hidden > 0 && <p class="quiet">{texts.emptyPipes(hidden)}</p>}
    </div>
  )
}
