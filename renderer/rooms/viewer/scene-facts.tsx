import type { RunReport } from '../../../core/run/report.ts'
import type { SceneFacts } from '../../../core/scene/scene.ts'
import { stageWord } from '../../capture-words.ts'
import { bytes, count, decimal, duration } from '../../format.ts'
import { FactTable } from '../../parts/fact-table.tsx'
import type { Readout } from './readout.ts'

/** What the file itself says. */
export function File({ facts, readout }: { readonly facts: SceneFacts; readonly readout: Readout }) {
  return (
    <section>
      <h2>File</h2>
      <FactTable
        end
        facts={[
          { label: 'Name', value: facts.scene.name, source: 'scene file' },
          { label: 'Size', value: bytes(facts.scene.bytes), source: 'scene file' },
          {
            label: 'Gaussians kept',
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

/** How long each stage took, and what it cost. */
export function Durations({ report }: { readonly report: RunReport }) {
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
