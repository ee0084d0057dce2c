import type { Problem } from '../../core/problem.ts'
import { Button } from './button.tsx'
import { StateGlyph } from './state-glyph.tsx'

export type Remedy = { readonly label: string; readonly act: () => void }

/** Trouble: what happened, what to do, and a button that does it. */
export function ProblemCard({
  problem,
  remedies,
  onClose,
}: {
  readonly problem: Problem
  readonly remedies: readonly Remedy[]
  readonly onClose?: (() => void) | undefined
}) {
  return (
    <div className="problem-card" role="alert" data-code={problem.code} data-source={`problem ${problem.code}`}>
      <StateGlyph state="failed" size={20} />
      <div className="grow">
        <p className="problem-what">{problem.what}</p>
        <p className="soft">{problem.remedy}</p>
        <div className="row problem-remedies">
          {remedies.map((one, at) => (
            <Button key={one.label} small tone={at === 0 ? 'plain' : 'quiet'} onClick={one.act}>
              {one.label}
            </Button>
          ))}
          {onClose && (
            <Button small tone="quiet" onClick={onClose}>
              Close
            </Button>
          )}
          <span className="grow" />
          <code className="quiet mono">{problem.code}</code>
        </div>
      </div>
    </div>
  )
}
