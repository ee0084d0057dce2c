import { Num } from './num.tsx'

export type Fact = {
  readonly label: string
  readonly value: string | null
  readonly source: string
  /** Why the value is unknown. */
  readonly why?: string
  /** What else must be known of the value. */
  readonly note?: string | undefined
}

/** Names and values in two columns; unknown values say why. */
export function FactTable({ facts, end = false }: { readonly facts: readonly Fact[]; readonly end?: boolean }) {
  return (
    <dl className={`facts ${end ? 'facts-end' : ''}`}>
      {facts.map((fact) => (
        <div key={fact.label}>
          <dt data-source={fact.source}>{fact.label}</dt>
          <dd>
            <Num value={fact.value} source={fact.source} why={fact.why ?? 'not in the file'} />
          </dd>
          {fact.note && <dd className="fact-note quiet">{fact.note}</dd>}
        </div>
      ))}
    </dl>
  )
}
