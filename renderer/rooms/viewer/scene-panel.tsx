import type { RunReport, SceneFacts, ScorePart } from '../../../core/contract.ts'
import { bytes, count, decimal, duration } from '../../format.ts'
import { FactTable } from '../../parts/fact-table.tsx'
import { Num } from '../../parts/num.tsx'
import { Segmented } from '../../parts/segmented.tsx'
import { stageWord } from '../../capture-words.ts'
import type { Background, Readout } from './readout.ts'
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
    <aside className="scene-panel scroll" aria-label="Inspector">
      {facts && <Quality report={facts.report} fromDisk={facts.scene.runId === null} />}
      {facts && <File facts={facts} readout={readout} />}
      <ViewFacts facts={facts} stage={stage} readout={readout} />
      {facts?.report && <Durations report={facts.report} />}
    </aside>
  )
}

function Quality({ report, fromDisk }: { readonly report: RunReport | null; readonly fromDisk: boolean }) {
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
  const measured = report.parts.filter((one) => one.value !== null).length
  return (
    <section>
      <div className="row">
        <h2 className="grow">Quality</h2>
        <span className="quiet" data-source="report.json">
          measured, {measured} of {report.parts.length}
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
      <FactTable
        end
        facts={report.parts.map((part) => ({
          label: capital(part.name),
          value: part.value === null ? null : partWords(part),
          source: part.source,
          why: `not measured: ${part.why ?? 'no reason recorded'}`,
        }))}
      />
    </section>
  )
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

function File({ facts, readout }: { readonly facts: SceneFacts; readonly readout: Readout }) {
  return (
    <section>
      <h2>File</h2>
      <FactTable
        end
        facts={[
          { label: 'Name', value: facts.scene.name, source: 'scene file' },
          { label: 'Size', value: bytes(facts.scene.bytes), source: 'scene file' },
          {
            label: 'Gaussians',
            value: readout.gaussians === null ? null : count(readout.gaussians),
            source: 'decoded scene',
            why: 'the scene is not decoded yet',
          },
          {
            label: 'Photo cameras',
            value: facts.cameras.length > 0 ? count(facts.cameras.length) : null,
            source: 'sfm/sparse',
            why: 'the file carries no cameras',
          },
          {
            label: 'Scale',
            value: facts.metric ? 'metres, from GPS' : null,
            source: 'sfm/report.json',
            why: 'not metric: lengths are in the units of the model',
          },
        ]}
      />
    </section>
  )
}

const backgrounds = [
  { value: 'neutral', label: 'Neutral' },
  { value: 'black', label: 'Black' },
  { value: 'white', label: 'White' },
] as const

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

function Durations({ report }: { readonly report: RunReport }) {
  const stages = report.stages.map((one) => ({
    label: stageName(one.stage),
    value: one.reused ? 'reused' : duration(one.tookMs),
    source: 'report.json stages',
  }))
  return (
    <section>
      <h2>How it was made</h2>
      <FactTable
        end
        facts={[
          ...stages,
          {
            label: 'Cost',
            value: report.costUsd === null ? 'free, this machine' : `$${decimal(report.costUsd, 2)}`,
            source: 'report.json costUsd',
          },
        ]}
      />
    </section>
  )
}

function stageName(stage: string): string {
  return stage === 'sfm' || stage === '3dgs' || stage === 'compression' ? stageWord(stage) : stage
}
