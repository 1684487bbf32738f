/** All that is known of the chosen process. */
import type { ComponentChildren } from 'preact'
import type { EndShot, ProcessShot } from '../src/page/shapes.ts'
import { Descriptors } from './descriptors.tsx'
import { Explained } from './explained.tsx'
import { type Fact, Facts } from './facts.tsx'
import { useTexts } from './language.ts'
import { nameOf, stateOf } from './names.ts'
import type { Texts } from './texts/texts.ts'
import { number, size, time } from './words.ts'

interface Props {
  process: ProcessShot
  isThere: boolean
  end: EndShot | undefined
  nowMs: number
  close: () => void
  children?: ComponentChildren
}

/** A reading that is not older goes without its age. */
const FRESH_MS = 2000

/** @param isThere or else it has ended, and this is what was known last */
function rowsOf({ process, isThere, end, nowMs }: Props, texts: Texts): Fact[] {
  const { facts } = texts
  const quantity = (value: number | undefined, words: (value: number) => string): string | undefined =>
    value === undefined ? undefined : words(value)
  const age = (process.memoryAgeMs ?? 0) < FRESH_MS ? '' : ` (${texts.memoryAge(time(process.memoryAgeMs ?? 0))})`
  const isLiving = isThere && process.state !== 'zombie'
  return [
    [facts.pid, `${process.pid}`],
    [facts.parent, `${process.parent}`],
    [facts.state, isThere ? stateOf(process, texts) : texts.gone],
    [facts.ended, end && `${texts.reason(end.reason)}, ${texts.afterLiving(time(end.livedMs))}`],
    [facts.client, process.client],
    [facts.connections, quantity(process.connections, number)],
    [facts.occupation, process.occupation && texts.occupations[process.occupation]],
    [facts.age, isThere ? time(nowMs - process.startedMs) : undefined],
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

export function Details(props: Props) {
  const { process, isThere, close, children } = props
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
      <Explained kind={isThere ? texts.states[process.state] : texts.things['end']} />
      <Facts facts={rowsOf(props, texts)} />
      {children}
      {isThere && process.state !== 'zombie' && <Descriptors key={process.pid} pid={process.pid} />}
    </section>
  )
}
