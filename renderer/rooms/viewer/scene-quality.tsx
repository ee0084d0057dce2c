import type { RunReport, ScorePart } from '../../../core/run/report.ts'
import { decimal } from '../../format.ts'
import { type Fact, FactTable } from '../../parts/fact-table.tsx'
import { Num } from '../../parts/num.tsx'

/** The score and each part of it, with the file that it was measured in. */
export function Quality({ report, fromDisk }: { readonly report: RunReport | null; readonly fromDisk: boolean }) {
  if (!report) {
    return (
      <section>
        <h2>Quality</h2>
        <p className="soft">
          {fromDisk
            ? 'Not measured: a file from disk says nothing of the photos it came from.'
            : 'Not measured yet: the run has left no report.'}
        </p>
      </section>
    )
  }
  const scored = report.parts.filter((one) => one.points !== null).length
  return (
    <section>
      <div className="row">
        <h2 className="grow">Quality</h2>
        <span className="quiet" data-source="report.json">
          {scored} of {report.parts.length} parts scored
        </span>
      </div>
      <p className="score">
        <Num
          value={report.score === null ? null : String(Math.round(report.score))}
          source="report.json score"
          why="not measured: too few parts to give a score"
        />
        <span className="quiet" data-source="report.json score">
          {' '}
          of 100
        </span>
      </p>
      <FactTable end facts={report.parts.map(partFact)} />
    </section>
  )
}

function partFact(part: ScorePart): Fact {
  return {
    label: capital(part.name),
    value: part.value === null ? null : partWords(part),
    source: part.source,
    why: `not measured: ${part.why ?? 'no reason recorded'}`,
    note: part.value !== null && part.why !== null ? `not scored: ${part.why}` : undefined,
  }
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

function partWords(part: ScorePart): string {
  const value = part.value ?? 0
  // A share is said in per cent: "100 % of the photos".
  if (part.unit.startsWith('of ') && value >= 0 && value <= 1) return `${decimal(value * 100, Number.isInteger(value * 100) ? 0 : 1)} %`
  const digits = Number.isInteger(value) ? 0 : value >= 100 ? 1 : value >= 10 ? 2 : 3
  return `${decimal(value, digits)}${part.unit ? ` ${part.unit}` : ''}`
}
