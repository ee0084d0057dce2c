import '../../styles/viewer.css'
import { Box, Maximize2 } from 'lucide-react'
import { useRef, useState } from 'react'
import type { RunSummary } from '../../../core/run/run-summary.ts'
import type { SceneRef } from '../../../core/scene/scene.ts'
import type { Checkpoint } from '../../../core/run/reduce.ts'
import { runFile } from '../../artefacts.ts'
import { useDesk, useMirror } from '../../desk.ts'
import { bytes, clockTime, count } from '../../format.ts'
import { previewKey } from '../../intents/visit.ts'
import { valueOf } from '../../mirror-state.ts'
import { Button } from '../../parts/button.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { Num } from '../../parts/num.tsx'
import { StageBox } from '../viewer/stage-box.tsx'
import { StageStatus } from '../viewer/stage-status.tsx'
import type { StageScene } from '../viewer/stage.ts'
import { useReadout, useShown, useStage } from '../viewer/use-stage.ts'

/** The newest checkpoint in the real stage; the camera stays from one to the next. */
export function RunPreview({ run }: { readonly run: RunSummary }) {
  const [wanted, setWanted] = useState<number | null>(null)
  const { checkpoints } = run.state
  const checkpoint = checkpoints.find((one) => one.iteration === wanted) ?? checkpoints.at(-1)
  if (!checkpoint) return <NoPreview run={run} />
  return <Preview run={run} checkpoint={checkpoint} onChoose={setWanted} />
}

function NoPreview({ run }: { readonly run: RunSummary }) {
  const first = run.settings.train.previewAt[0] ?? run.settings.train.checkpointEvery
  const over = run.state.kind === 'failed' || run.state.kind === 'stopped'
  return (
    <div className="run-preview" data-theme="dark">
      <EmptyState icon={Box} title={over ? 'No preview was made' : 'No preview yet'}>
        {over ? 'The run ended before its first checkpoint.' : `The first preview comes at iteration ${count(first)} of training.`}
      </EmptyState>
    </div>
  )
}

type Props = { readonly run: RunSummary; readonly checkpoint: Checkpoint; readonly onChoose: (iteration: number | null) => void }

function Preview({ run, checkpoint, onChoose }: Props) {
  const { url } = useDesk()
  const box = useRef<HTMLDivElement>(null)
  const { stage, again } = useStage(box)
  const readout = useReadout(stage)
  const asked = useMirror((state) => state.scenes.get(previewKey(run.runId)))
  const facts = valueOf(asked)
  const shown: StageScene = { scene: sceneOf(run, checkpoint), address: url(runFile(run.runId, checkpoint.file)), facts }
  // The first view needs the covered ground, so the first preview waits for the facts or their refusal.
  useShown(stage, asked === undefined || asked.kind === 'loading' ? null : shown, true)
  const turn = (step: number) => {
    const { checkpoints } = run.state
    const next = checkpoints[checkpoints.indexOf(checkpoint) + step]
    if (next) onChoose(next === checkpoints.at(-1) ? null : next.iteration)
  }
  return (
    <div className="run-preview stage" data-theme="dark" data-state={readout.state}>
      <StageBox
        box={box}
        label={`Preview at iteration ${checkpoint.iteration}`}
        onKeyDown={(event) => {
          const step = { '[': -1, ']': 1 }[event.key]
          if (step) turn(step)
          else if (!stage?.pressKey(event.nativeEvent)) return
          event.preventDefault()
        }}
        onKeyUp={(event) => stage?.releaseKey(event.nativeEvent)}
      />
      <PreviewTitle checkpoint={checkpoint} gaussians={readout.gaussians} />
      <Checkpoints run={run} checkpoint={checkpoint} onChoose={onChoose} />
      <StageStatus readout={readout} again={again} />
    </div>
  )
}

function PreviewTitle({ checkpoint, gaussians }: { readonly checkpoint: Checkpoint; readonly gaussians: number | null }) {
  return (
    <p className="stage-title stage-float">
      <b data-source="progress.jsonl checkpoint">Preview at {count(checkpoint.iteration)}</b>
      <span className="soft">
        <Num value={gaussians === null ? null : count(gaussians)} source="decoded scene" why="not decoded yet" /> gaussians,{' '}
        <Num value={bytes(checkpoint.bytes)} source="progress.jsonl checkpoint" />, saved{' '}
        <Num value={clockTime(checkpoint.at, true)} source="progress.jsonl checkpoint" />
      </span>
    </p>
  )
}

/** How many checkpoints fit beside each other; older ones are reached by the key [. */
const shownCheckpoints = 6

/** The checkpoints that can be looked at, and the way to the scene where there is one. */
function Checkpoints({ run, checkpoint, onChoose }: Props) {
  const { intents } = useDesk()
  const newest = run.state.checkpoints.at(-1)
  const opens = run.state.kind === 'done' || run.state.kept
  return (
    <div className="checkpoints stage-float">
      <span className="soft">Checkpoint</span>
      <div className="segmented" role="radiogroup" aria-label="Checkpoint" data-source="progress.jsonl checkpoint">
        {run.state.checkpoints.slice(-shownCheckpoints).map((one) => (
          <button
            key={one.iteration}
            type="button"
            role="radio"
            aria-checked={one.iteration === checkpoint.iteration}
            onClick={() => onChoose(one === newest ? null : one.iteration)}
          >
            {count(one.iteration)}
          </button>
        ))}
      </div>
      {opens && (
        <Button small icon={Maximize2} onClick={() => intents.openScene(run.captureId, run.runId)}>
          Open in viewer
        </Button>
      )}
    </div>
  )
}

function sceneOf(run: RunSummary, checkpoint: Checkpoint): SceneRef {
  const format =
    (['compressed.ply', 'ply', 'splat', 'ksplat', 'spz', 'sog'] as const).find((one) => checkpoint.file.endsWith(`.${one}`)) ?? 'ply'
  return {
    name: checkpoint.file.split('/').at(-1) ?? checkpoint.file,
    url: runFile(run.runId, checkpoint.file),
    format,
    bytes: checkpoint.bytes,
    runId: run.runId,
  }
}
