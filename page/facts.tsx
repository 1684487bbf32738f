/** Names and values, one below the other. */

export type Fact = readonly [name: string, value: string | undefined]

/** Leaves out what has no value. */
export function Facts({ facts, kind }: { facts: readonly Fact[]; kind?: string }) {
  return (
    <dl class={kind}>
      {facts.map(([name, value]) =>
        value === undefined || value === '' ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  )
}
