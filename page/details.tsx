/** All that is known of the chosen process. */
import { useEffect, useState } from 'preact/hooks'
import type { EndShot, ProcessDetails, ProcessShot } from '../src/page/shapes.ts'
import { useTexts } from './language.ts'
import { nameOf, stateOf } from './names.ts'
import type { Kind, Texts } from './texts/texts.ts'
import { number, size, time } from './words.ts'

export function Explained({ kind }: { kind: Kind | undefined }) {
  const texts = useTexts()
  if (kind === undefined) return null
  return (
    <p class="explained">
      <strong>{kind.name}</strong>: {kind.says} <a href={kind.link}>{texts.learnMore(kind.name)}</a>
    </p>
  )
}

type Row = readonly [name: string, value: string | undefined]

function rowsOf(process: ProcessShot, end: EndShot | undefined, nowMs: number, texts: Texts): Row[] {
  const { facts } = texts
  const quantity = (value: number | undefined, words: (value: number) => string): string | undefined =>
    value === undefined ? undefined : words(value)
  const age = process.memoryAgeMs === undefined ? '' : ` (${texts.memoryAge(time(process.memoryAgeMs))})`
  const isLiving = end === undefined && process.state !== 'zombie'
  return [
    [facts.pid, `${process.pid}`],
    [facts.parent, `${process.parent}`],
    [facts.state, end === undefined ? stateOf(process, texts) : texts.gone],
    [facts.ended, end && `${texts.reason(end.reason)}, ${texts.afterLiving(time(end.livedMs))}`],
    [facts.client, process.client],
    [facts.connections, quantity(process.connections, number)],
    [facts.occupation, process.occupation && texts.occupations[process.occupation]],
    [facts.age, end === undefined ? time(nowMs - process.startedMs) : undefined],
    [facts.received, quantity(process.bytesRead, size)],
    [facts.sent, quantity(process.bytesWritten, size)],
    [facts.messages, quantity(process.messages, number)],
    [facts.cpu, `${(process.cpuMs / 1000).toFixed(2)} s`],
    [facts.rss, isLiving ? size(process.rssBytes) : undefined],
    [
      facts.pss,
      isLiving ? (process.pssBytes === undefined ? texts.notMeasured : `${size(process.pssBytes)}${age}`) : undefined,
    ],
    [facts.own, isLiving ? quantity(process.ownBytes, (bytes) => `${size(bytes)}${age}`) : undefined],
  ]
}

function Descriptors({ pid }: { pid: number }) {
  const texts = useTexts()
  const [details, setDetails] = useState<ProcessDetails>()
  const ask = (): void => {
    fetch(`/api/process?pid=${pid}`)
      .then(async (response) => setDetails(response.ok ? ((await response.json()) as ProcessDetails) : undefined))
      .catch(() => setDetails(undefined))
  }
  useEffect(ask, [pid])
  if (details?.pid !== pid) return null
  return (
    <>
      <h3>
        {texts.descriptors}{' '}
        <button type="button" class="small" onClick={ask}>
          {texts.descriptorsAgain}
        </button>
      </h3>
      <Explained kind={texts.things['descriptor']} />
      {details.isPartial && <p>{texts.partial}</p>}
      <table>
        <thead>
          <tr>
            {texts.descriptorColumns.map((column) => (
              <th scope="col" key={column}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {details.descriptors.map(({ fd, what, access, alsoHeldBy }) => (
            <tr key={fd}>
              <th scope="row">{fd}</th>
              <td>{what}</td>
              <td>{access}</td>
              <td>
                {alsoHeldBy.slice(0, 4).join(' ')}
                {alsoHeldBy.length > 4 ? ` +${alsoHeldBy.length - 4}` : ''}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

export function Details({
  process,
  end,
  nowMs,
  close,
}: {
  process: ProcessShot
  end: EndShot | undefined
  nowMs: number
  close: () => void
}) {
  const texts = useTexts()
  return (
    <section class="card details" aria-labelledby="details">
      <h2 id="details">
        {nameOf(process, texts)}{' '}
        <button type="button" class="small" onClick={close}>
          {texts.close}
        </button>
      </h2>
      <Explained kind={texts.roles[process.role]} />
      {end === undefined ? <Explained kind={texts.states[process.state]} /> : <Explained kind={texts.things['end']} />}
      <dl>
        {rowsOf(process, end, nowMs, texts).map(([name, value]) =>
          value === undefined || value === '' ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
      {end === undefined && process.state !== 'zombie' && <Descriptors key={process.pid} pid={process.pid} />}
    </section>
  )
}
