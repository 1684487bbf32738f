/** What many processes have and do together, and the youngest of them to choose from. */
import type { ProcessShot } from '../src/page/shapes.ts'
import { Explained } from './explained.tsx'
import { Facts } from './facts.tsx'
import { useTexts } from './language.ts'
import { nameOf } from './names.ts'
import { number, size } from './words.ts'

const MOST_LISTED = 20

interface Props {
  group: readonly ProcessShot[]
  choose: (process: ProcessShot) => void
  close: () => void
}

export function GroupDetails({ group, choose, close }: Props) {
  const texts = useTexts()
  const { facts } = texts
  const sum = (of: (process: ProcessShot) => number | undefined): number =>
    group.reduce((total, process) => total + (of(process) ?? 0), 0)
  const measured = group.filter(({ pssBytes }) => pssBytes !== undefined).length
  const rows = [
    [facts.received, size(sum(({ bytesRead }) => bytesRead))],
    [facts.sent, size(sum(({ bytesWritten }) => bytesWritten))],
    [facts.messages, number(sum(({ messages }) => messages))],
    [facts.cpu, `${(sum(({ cpuMs }) => cpuMs) / 1000).toFixed(2)} s`],
    [facts.pss, `${size(sum(({ pssBytes }) => pssBytes))} (${measured}/${group.length})`],
  ] as const
  const role = group[0]?.role ?? 'connection'
  const youngest = [...group].sort((a, b) => b.startedMs - a.startedMs).slice(0, MOST_LISTED)
  return (
    <section class="card details" aria-labelledby="details">
      <h2 id="details">
        {texts.group(group.length, texts.roles[role]?.name ?? role)}{' '}
        <button type="button" class="small" onClick={close}>
          {texts.close}
        </button>
      </h2>
      <Explained kind={texts.roles[role]} />
      <Facts facts={rows} />
      <h3>{texts.youngest}</h3>
      <p class="choices">
        {youngest.map((process) => (
          <button key={process.pid} type="button" class="small" onClick={() => choose(process)}>
            {nameOf(process, texts)}, {process.pid}
          </button>
        ))}
      </p>
    </section>
  )
}
