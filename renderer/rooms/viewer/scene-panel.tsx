import type { SceneFacts } from '../../../core/scene/scene.ts'
import { count, decimal } from '../../format.ts'
import { FactTable } from '../../parts/fact-table.tsx'
import { Segmented } from '../../parts/segmented.tsx'
import { HandOff } from './hand-off.tsx'
import type { Background, Readout } from './readout.ts'
import { Durations, File } from './scene-facts.tsx'
import { Quality } from './scene-quality.tsx'
import type { Stage } from './stage.ts'

/** What is known of the scene: measured quality, the file, how it is shown. */
export function ScenePanel({
  facts,
  stage,
  readout,
}: {
  readonly facts: SceneFacts | null
  readonly stage: Stage | null
  readonly readout: Readout
}) {
  return (
    // A pane that scrolls must be reachable by keyboard (axe: scrollable-region-focusable).
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <aside className="scene-panel scroll" aria-label="Inspector" tabIndex={0}>
      {facts && <Quality report={facts.report} fromDisk={facts.scene.runId === null} />}
      {facts && <File facts={facts} readout={readout} />}
      {facts && <HandOff files={facts.files} />}
      <ViewFacts facts={facts} stage={stage} readout={readout} />
      {facts?.report && <Durations report={facts.report} />}
    </aside>
  )
}

const backgrounds = [
  { value: 'neutral', label: 'Neutral' },
  { value: 'black', label: 'Black' },
  { value: 'white', label: 'White' },
] as const

/** How it is shown now. */
function ViewFacts({
  facts,
  stage,
  readout,
}: {
  readonly facts: SceneFacts | null
  readonly stage: Stage | null
  readonly readout: Readout
}) {
  const exposure = `${readout.ev >= 0 ? '+' : ''}${decimal(readout.ev, 1)} EV${readout.autoEv !== null && readout.autoEv === readout.ev && readout.ev !== 0 ? ', automatic' : ''}`
  return (
    <section>
      <h2>View</h2>
      <FactTable
        end
        facts={[
          {
            label: 'Frame time',
            value: readout.frameMs === null ? null : `${decimal(readout.frameMs, 0)} ms`,
            source: 'measured while moving',
            why: 'not measured: nothing has moved yet',
          },
          {
            label: 'While moving',
            value: readout.frameMs === null ? null : `${decimal(readout.drawnRatio * 100, 0)} % of the detail`,
            source: 'measured while moving',
            why: 'not measured: nothing has moved yet',
          },
          { label: 'Field of view', value: `${decimal(readout.fovDeg, 0)}°`, source: 'stage' },
          { label: 'Exposure', value: exposure, source: 'splat colours' },
          { label: 'Cameras shown', value: readout.showCameras ? count(facts?.cameras.length ?? 0) : 'none', source: 'stage' },
        ]}
      />
      <Segmented
        label="Background"
        value={readout.background}
        choices={backgrounds}
        onChoose={(one: Background) => stage?.setBackground(one)}
      />
    </section>
  )
}
