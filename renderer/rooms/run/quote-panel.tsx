import type { RunSettings } from '../../../core/run/settings.ts'
import { useMirror } from '../../desk.ts'
import { quoteKey } from '../../intents/quotes.ts'
import { FactTable } from '../../parts/fact-table.tsx'
import { basisWords, capProblem, quoteFacts } from './money.ts'

type Props = {
  readonly settings: RunSettings
  readonly captureId: string
  readonly onDraft: (change: Partial<RunSettings>) => void
}

/** What a run in an account should cost, part by part, and what it may cost at most. */
export function QuotePanel({ settings, captureId, onDraft }: Props) {
  const quote = useMirror((state) => state.quotes.get(quoteKey(captureId, settings)))
  if (settings.where === 'local') return null
  const wrongCap = quote ? capProblem(quote, settings.capUsd) : null
  return (
    <section aria-label="What it costs">
      <h2>What it costs</h2>
      {quote && (
        <>
          <p data-source="runs.quote">{basisWords(quote)}</p>
          <FactTable facts={quoteFacts(quote)} />
        </>
      )}
      <label className="row">
        Never above, in US dollars
        <input
          type="number"
          className="field field-small settings-number"
          min={0.01}
          max={10_000}
          step="any"
          key={settings.where}
          defaultValue={settings.capUsd ?? ''}
          aria-invalid={wrongCap !== null}
          onChange={(event) => {
            const next = event.target.valueAsNumber
            if (Number.isNaN(next)) onDraft({ capUsd: null })
            else if (next > 0 && next <= 10_000) onDraft({ capUsd: next })
          }}
        />
      </label>
      <p className={wrongCap ? 'tone-warn' : 'soft'} role={wrongCap ? 'alert' : undefined} data-source="runs.quote">
        {wrongCap ??
          (settings.capUsd === null
            ? 'Empty: the account’s own longest runtimes are the only limit.'
            : 'Kept by the account, not by this window: each stage’s job ends at its share of it.')}
      </p>
      {quote && (
        <p className="soft" data-source="core/run/cost">
          Prices of {quote.prices.region}, {quote.prices.date}: {quote.prices.source}. The bill is AWS’s.
        </p>
      )}
    </section>
  )
}
