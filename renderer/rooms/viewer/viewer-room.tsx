import '../../styles/viewer.css'
import { Box } from 'lucide-react'
import type { SceneFacts } from '../../../core/scene/scene.ts'
import { newestRun } from '../../capture-words.ts'
import { useDesk, useMirror } from '../../desk.ts'
import { sceneKey } from '../../intents/visit.ts'
import { valueOf } from '../../mirror-state.ts'
import { Button } from '../../parts/button.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { ProblemCard } from '../../parts/problem-card.tsx'
import { useRemedies } from '../../remedies.ts'
import type { Place } from '../../place.ts'
import { OpenScene } from './open-scene.tsx'

/** Scene: look, compare with the photos; never needs the network. */
export function ViewerRoom({ place }: { readonly place: Place & { room: 'scene' } }) {
  const key = sceneKey(place)
  const loaded = useMirror((state) => (key === null ? undefined : state.scenes.get(key)))
  const remedies = useRemedies(loaded?.kind === 'failed' ? loaded.problem : null)
  if (key === null) return <NoScene captureId={place.captureId} />
  if (loaded?.kind === 'failed') {
    return (
      <div className="room-problem">
        <h1 className="only-read">Scene</h1>
        <ProblemCard problem={loaded.problem} remedies={remedies} />
      </div>
    )
  }
  return <OpenScene facts={valueOf<SceneFacts>(loaded)} captureId={place.captureId} />
}

/** Before a run has left a scene. */
export function NoScene({ captureId }: { readonly captureId: string | null }) {
  const { intents } = useDesk()
  const captures = valueOf(useMirror((state) => state.captures))
  const runs = useMirror((state) => state.runs)
  const capture = captureId === null ? undefined : captures?.get(captureId)
  const run = capture ? newestRun(capture, runs) : null
  return (
    <>
      <h1 className="only-read">Scene</h1>
      <EmptyState
        icon={Box}
        title="No scene yet"
        actions={
          capture ? (
            <Button
              tone="primary"
              onClick={() =>
                run ? intents.go({ room: 'run', captureId: capture.captureId, runId: run.runId }) : intents.setUp(capture.captureId)
              }
            >
              {run ? 'Go to the run' : 'Set up run'}
            </Button>
          ) : (
            <Button tone="primary" onClick={() => intents.go({ room: 'library' })}>
              Open the library
            </Button>
          )
        }
      >
        A scene is what a run leaves. The first preview appears while it trains.
      </EmptyState>
    </>
  )
}
