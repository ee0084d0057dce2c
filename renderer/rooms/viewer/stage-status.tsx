import { useDesk } from '../../desk.ts'
import { bytes, decimal } from '../../format.ts'
import { CountBar } from '../../parts/count-bar.tsx'
import { ProblemCard, type Remedy } from '../../parts/problem-card.tsx'
import { useRemedies } from '../../remedies.ts'
import type { Readout } from './readout.ts'

/** What stands in the way of the picture: bytes on their way, decoding, or a Problem. `again` makes the stage anew. */
export function StageStatus({ readout, again }: { readonly readout: Readout; readonly again: () => void }) {
  const remedies = useStageRemedies(readout, again)
  if (readout.problem) {
    return (
      <div className="stage-problem">
        <ProblemCard problem={readout.problem} remedies={remedies} />
      </div>
    )
  }
  if (readout.state === 'loading' && readout.loading) return <Loading {...readout.loading} />
  const doing = { decoding: 'Decoding the scene', sorting: 'Sorting the gaussians for the first picture' }
  if (readout.state === 'decoding' || readout.state === 'sorting') {
    return (
      <div className="stage-wait stage-float" role="status">
        <p>{doing[readout.state]}</p>
      </div>
    )
  }
  return <Slow readout={readout} />
}

/** What a stage can do about its own trouble, before what every room can. */
function useStageRemedies({ problem }: Readout, again: () => void): readonly Remedy[] {
  const { intents } = useDesk()
  const others = useRemedies(problem)
  if (problem?.code === 'scene/no-webgl')
    return [
      { label: 'Try again', act: again },
      { label: 'Check this machine', act: () => intents.go({ room: 'settings', section: 'machine' }) },
    ]
  return problem === null ? [] : [{ label: problem.code === 'scene/gpu-lost' ? 'Show it again' : 'Try again', act: again }, ...others]
}

function Loading({ done, total }: { readonly done: number; readonly total: number }) {
  return (
    <div className="stage-wait stage-float" role="status">
      <p data-source="bytes received">
        Loading {bytes(done)} of {bytes(total)}
      </p>
      <CountBar done={done} total={total} label="Bytes of the scene" />
    </div>
  )
}

/** Says that fewer pixels are drawn while the view moves, where that was measured to be needed. */
function Slow({ readout: { frameMs, drawnRatio } }: { readonly readout: Readout }) {
  if (frameMs === null || drawnRatio > 0.5) return null
  return (
    <p className="stage-slow stage-float" data-source="measured while moving">
      {decimal(frameMs, 0)} ms a frame on this machine: {decimal(drawnRatio * 100, 0)} % of the detail while the view moves, all of it at
      rest
    </p>
  )
}
