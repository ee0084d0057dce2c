import '../../styles/run.css'
import { useMirror } from '../../desk.ts'
import { valueOf } from '../../mirror-state.ts'
import { ProblemCard } from '../../parts/problem-card.tsx'
import { useRemedies } from '../../remedies.ts'
import { RunSetup } from './run-setup.tsx'
import { RunView } from './run-view.tsx'

/** Run: what will happen, what is happening, how to stop it. */
export function RunRoom({ captureId, runId }: { readonly captureId: string; readonly runId: string | null }) {
  const loaded = useMirror((state) => state.details.get(captureId))
  const run = useMirror((state) => (runId === null ? undefined : state.runs.get(runId)))
  const remedies = useRemedies(loaded?.kind === 'failed' ? loaded.problem : null)
  const detail = valueOf(loaded)
  if (loaded?.kind === 'failed') {
    return (
      <div className="room-problem">
        <h1 className="only-read">Run</h1>
        <ProblemCard problem={loaded.problem} remedies={remedies} />
      </div>
    )
  }
  if (!detail) return <h1 className="only-read">Run</h1>
  if (runId === null) return <RunSetup detail={detail} />
  return run ? <RunView run={run} detail={detail} /> : <h1 className="only-read">Run</h1>
}
