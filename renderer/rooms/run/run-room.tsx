import '../../styles/run.css'
import { SearchX } from 'lucide-react'
import { useDesk, useMirror } from '../../desk.ts'
import { valueOf } from '../../mirror-state.ts'
import { Button } from '../../parts/button.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { NoCapture } from '../../parts/no-capture.tsx'
import { ProblemCard } from '../../parts/problem-card.tsx'
import { Waiting } from '../../parts/waiting.tsx'
import { useRemedies } from '../../remedies.ts'
import { RunSetup } from './run-setup.tsx'
import { RunView } from './run-view.tsx'

/** Run: what will happen, what is happening, how to stop it. */
export function RunRoom({ captureId, runId }: { readonly captureId: string; readonly runId: string | null }) {
  const loaded = useMirror((state) => state.details.get(captureId))
  const run = useMirror((state) => (runId === null ? undefined : state.runs.get(runId)))
  const remedies = useRemedies(loaded?.kind === 'failed' ? loaded.problem : null)
  const detail = valueOf(loaded)
  const listed = useMirror((state) => state.captures.kind === 'here')
  if (loaded?.kind === 'failed' && loaded.problem.code === 'capture/unknown') return <NoCapture room="Run" />
  if (loaded?.kind === 'failed') {
    return (
      <div className="room-problem">
        <h1 className="only-read">Run</h1>
        <ProblemCard problem={loaded.problem} remedies={remedies} />
      </div>
    )
  }
  if (!detail) return <Waiting title="Run" what="Opening the capture" />
  if (runId === null) return <RunSetup detail={detail} />
  if (run) return <RunView run={run} detail={detail} />
  return listed ? <NoRun captureId={captureId} /> : <Waiting title="Run" what="Opening the run" />
}

/** A link to a run that this library does not have. */
export function NoRun({ captureId }: { readonly captureId: string }) {
  const { intents } = useDesk()
  return (
    <>
      <h1 className="only-read">Run</h1>
      <EmptyState
        icon={SearchX}
        title="That run is not on this machine"
        actions={
          <Button tone="primary" onClick={() => intents.setUp(captureId)}>
            Set up a run
          </Button>
        }
      >
        It was made elsewhere, or in another library.
      </EmptyState>
    </>
  )
}
