/** The descriptors of a process, asked for when it is chosen. */
import { useEffect, useState } from 'preact/hooks'
import type { ProcessDetails } from '../src/page/shapes.ts'
import { Confines } from './confines.tsx'
import { Explained } from './explained.tsx'
import { useTexts } from './language.ts'

export function Descriptors({ pid }: { pid: number }) {
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
              <td>{texts.access[access] ?? access}</td>
              <td>
                {alsoHeldBy.slice(0, 4).join(' ')}
                {alsoHeldBy.length > 4 ? ` +${alsoHeldBy.length - 4}` : ''}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Confines details={details} />
    </>
  )
}
