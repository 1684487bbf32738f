import { type EchoBench, type EchoRow, pairedRatio, runEchoRounds } from './echo-rounds.js'
import { ofCheckout, tinedAsync, tinedEpoll } from './echo-specs.js'
import { selectAvailable } from './server-spec.js'
import { type Row, textTable } from './table.js'

/** What a change did to messages/s and CPU: our servers and those of another checkout, over theirs. */
export async function echoBeside(folder: string, bench: EchoBench): Promise<string> {
  const others = ofCheckout(folder)
  const ours = [tinedEpoll, tinedAsync]
  const { available, skipped } = selectAvailable(others.flatMap((other, index) => [other, ours[index] ?? other]))
  const { rows, failures } = await runEchoRounds(available, bench)
  const find = (name: string | undefined): EchoRow | undefined => rows.find((row) => row.name === name)
  const table = ours.flatMap((spec, index): Row[] => {
    const [own, other] = [find(spec.name), find(others[index]?.name)]
    if (own === undefined || other === undefined) return []
    const cells = own.at.flatMap((each, party) => {
      const { rates = [], cpus = [] } = other.at[party] ?? {}
      return [pairedRatio(each.rates, rates).toFixed(2), pairedRatio(each.cpus, cpus).toFixed(2)]
    })
    return [[spec.name, ...cells]]
  })
  const heading = bench.parties.flatMap(({ clients }) => [`/s (${clients})`, `CPU (${clients})`])
  return [textTable([['over the other', ...heading], ...table]), ...skipped, ...failures].join('\n')
}
