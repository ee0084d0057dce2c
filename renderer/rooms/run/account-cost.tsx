import type { RunSummary } from '../../../core/run/run-summary.ts'
import { hasEnded } from '../../../core/run/reduce.ts'
import { FactTable } from '../../parts/fact-table.tsx'
import { useClock } from '../../parts/use-clock.ts'
import { costFacts, dollars } from './money.ts'

/** What a run in an account costs: so far by the clock, then by the seconds that SageMaker bills; against its cap. */
export function AccountCost({ run }: { readonly run: RunSummary }) {
  const now = useClock(!hasEnded(run.state))
  const cost = costFacts(run.state, now)
  const { capUsd } = run.settings
  if (!cost)
    return (
      <p className="soft" data-source="GET /jobs">
        Nothing has been asked of a machine yet: $0.00.
      </p>
    )
  const { spent, facts } = cost
  const isOver = hasEnded(run.state) && spent.isFinal
  return (
    <>
      <p className="run-cost" data-source="GET /jobs, core/run/cost">
        {isOver ? '' : '≈ '}
        {dollars(spent.usd)} <span className="quiet">{isOver ? 'by the seconds billed' : 'so far'}</span>
      </p>
      {!spent.isComplete && <p className="tone-warn">A machine without a known price is left out of this sum.</p>}
      {capUsd !== null && (
        <div
          className="count-bar"
          role="meter"
          aria-label="Cost so far, of the cap"
          aria-valuemin={0}
          aria-valuemax={capUsd}
          aria-valuenow={Math.min(spent.usd, capUsd)}
        >
          <div style={{ transform: `scaleX(${Math.min(1, spent.usd / capUsd)})` }} />
        </div>
      )}
      <FactTable
        end
        facts={[...facts, { label: 'Cap', value: capUsd === null ? null : dollars(capUsd), source: 'run settings', why: 'none was set' }]}
      />
      <p className="quiet">At the full price of the table; spot costs less, and is billed by AWS as it was.</p>
    </>
  )
}
