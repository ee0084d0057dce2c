import { presets } from '../../../core/run/settings.ts'
import { useMirror } from '../../desk.ts'
import { count } from '../../format.ts'
import { FactTable } from '../../parts/fact-table.tsx'
import { Segmented } from '../../parts/segmented.tsx'
import { SettingRow, WholeField } from './setting-row.tsx'

const qualities = [
  { value: 'preview', label: 'Preview' },
  { value: 'standard', label: 'Standard' },
  { value: 'high', label: 'High' },
] as const

/** What a new run begins with, and how much of the machine it takes. */
export function Runs() {
  return (
    <>
      <p className="soft">What the set-up of a run begins with. Each run can still be set up otherwise, and keeps what it was run with.</p>
      <div className="card settings-rows">
        <SettingRow name="preset" title="Quality" what="The preset that is chosen when a run is set up." usually="preview">
          {(value, set) => <Segmented label="Quality" value={value} choices={qualities} onChoose={set} />}
        </SettingRow>
        <SettingRow name="threads" title="Cores used" what="By checks and runs on this machine; 0 takes all of them." usually="all">
          {(value, set) => <WholeField label="Cores used" value={value} min={0} max={256} onSet={set} />}
        </SettingRow>
      </div>
      <ChosenPreset />
    </>
  )
}

/** What the chosen preset does, in numbers. */
function ChosenPreset() {
  const preset = useMirror((state) => state.settings?.preset)
  if (!preset) return null
  const { sfm, train } = presets[preset]
  const source = 'core/run/settings'
  return (
    <section className="card settings-about" aria-label="What this preset does">
      <h2>{qualities.find((one) => one.value === preset)?.label} runs</h2>
      <FactTable
        facts={[
          { label: 'Matching', value: `photos at ${count(sfm.maxImageSizePx)} px, up to ${count(sfm.maxFeatures)} features each`, source },
          { label: 'Training', value: `${count(train.iterations)} iterations, photos at ${count(train.longSidePx)} px`, source },
          { label: 'Scene', value: `up to ${count(train.cap)} gaussians, colour by direction of degree ${train.shDegree}`, source },
          { label: 'Measured', value: `on every ${train.holdOutEvery}th photo, never trained on`, source },
        ]}
      />
    </section>
  )
}
