import { bytes } from '../../format.ts'
import { CountBar } from '../../parts/count-bar.tsx'
import { ProblemCard } from '../../parts/problem-card.tsx'
import { useRemedies } from '../../remedies.ts'
import type { Readout } from './readout.ts'

/** What stands in the way of the picture: bytes on their way, decoding, or a Problem. */
export function StageStatus({ readout }: { readonly readout: Readout }) {
  const remedies = useRemedies(readout.problem)
  if (readout.problem) {
    return (
      <div className="stage-problem">
        <ProblemCard problem={readout.problem} remedies={remedies} />
      </div>
    )
  }
  if (readout.state === 'loading' && readout.loading) {
    const { done, total } = readout.loading
    return (
      <div className="stage-wait stage-float" role="status">
        <p data-source="bytes received">
          Loading {bytes(done)} of {bytes(total)}
        </p>
        <CountBar done={done} total={total} label="Bytes of the scene" />
      </div>
    )
  }
  if (readout.state === 'decoding') {
    return (
      <div className="stage-wait stage-float" role="status">
        <p>Decoding the scene</p>
      </div>
    )
  }
  return null
}
