import { RotateCcw } from 'lucide-react'
import { presets, type RunSettings } from '../../../core/run/settings.ts'
import { count } from '../../format.ts'
import { IconButton } from '../../parts/button.tsx'

type Part = 'sfm' | 'train' | 'compression'
type Row = {
  readonly part: Part
  readonly key: string
  readonly label: string
  readonly unit: string
  readonly effect: string
  readonly min: number
  readonly max: number
  readonly step?: number
}

/** Every number of the run's settings: name, unit, one line of effect. Bounds are those of core/run/settings.ts. */
const rows: readonly Row[] = [
  {
    part: 'sfm',
    key: 'maxImageSizePx',
    label: 'Photo size for matching',
    unit: 'px',
    effect: 'Larger finds more detail to match, and takes longer.',
    min: 200,
    max: 10_000,
  },
  {
    part: 'sfm',
    key: 'maxFeatures',
    label: 'Features a photo',
    unit: '',
    effect: 'More help where the ground is plain.',
    min: 256,
    max: 32_768,
  },
  { part: 'train', key: 'iterations', label: 'Iterations', unit: '', effect: 'More settle finer detail.', min: 1, max: 200_000 },
  {
    part: 'train',
    key: 'cap',
    label: 'Most gaussians',
    unit: '',
    effect: 'The hard limit: size of the scene and memory follow.',
    min: 1000,
    max: 10_000_000,
  },
  {
    part: 'train',
    key: 'longSidePx',
    label: 'Photo size for training',
    unit: 'px',
    effect: 'The detail that can be learned.',
    min: 64,
    max: 8000,
  },
  {
    part: 'train',
    key: 'shDegree',
    label: 'Colour by direction',
    unit: 'degree',
    effect: '0 is matt; 3 shows gloss and makes files larger.',
    min: 0,
    max: 3,
  },
  {
    part: 'train',
    key: 'halfSizeShare',
    label: 'Share at half size',
    unit: '0 to 1',
    effect: 'The first part of training on small photos: faster.',
    min: 0,
    max: 1,
    step: 0.05,
  },
  {
    part: 'train',
    key: 'holdOutEvery',
    label: 'Hold out every',
    unit: 'th photo',
    effect: 'Measures quality on photos never trained on; 0 measures nothing.',
    min: 0,
    max: 1000,
  },
  {
    part: 'train',
    key: 'checkpointEvery',
    label: 'Checkpoint every',
    unit: 'iterations',
    effect: 'What a stop keeps, and what the preview shows.',
    min: 1,
    max: 200_000,
  },
  { part: 'train', key: 'seed', label: 'Seed', unit: '', effect: 'The same seed repeats a run.', min: 0, max: 2 ** 31 },
  {
    part: 'compression',
    key: 'sogIterations',
    label: 'SOG rounds',
    unit: '',
    effect: 'More find closer codes, and take longer.',
    min: 1,
    max: 100,
  },
]

type Drafted = { readonly settings: RunSettings; readonly onDraft: (change: Partial<RunSettings>) => void }

/** Every setting, folded away: each with its default, unit, effect and reset. */
export function AdvancedSettings({ settings, onDraft }: Drafted) {
  return (
    <details className="advanced">
      <summary>Advanced</summary>
      <div className="advanced-rows" data-source="core/run/settings">
        {rows.map((row) => (
          <NumberRow key={row.key} row={row} settings={settings} onDraft={onDraft} />
        ))}
        <Mapper settings={settings} onDraft={onDraft} />
        <AlignToGps settings={settings} onDraft={onDraft} />
      </div>
    </details>
  )
}

/** How structure from motion builds its model. */
function Mapper({ settings, onDraft }: Drafted) {
  return (
    // The words stand one element deeper than this rule looks.
    // oxlint-disable-next-line jsx-a11y/label-has-associated-control
    <label className="advanced-row">
      <span>
        <b>Mapper</b>
        <span className="soft">Automatic starts incremental and falls back to global.</span>
      </span>
      <select
        className="field field-small"
        value={settings.sfm.mapper}
        onChange={(event) => onDraft({ sfm: { ...settings.sfm, mapper: event.target.value as RunSettings['sfm']['mapper'] } })}
      >
        <option value="auto">Automatic</option>
        <option value="incremental">Incremental</option>
        <option value="global">Global</option>
      </select>
    </label>
  )
}

/** Whether the model is laid into metres. */
function AlignToGps({ settings, onDraft }: Drafted) {
  return (
    // The words stand one element deeper than this rule looks.
    // oxlint-disable-next-line jsx-a11y/label-has-associated-control
    <label className="advanced-row">
      <span>
        <b>Align to GPS</b>
        <span className="soft">Gives metres and north where GPS is good enough.</span>
      </span>
      <input
        type="checkbox"
        checked={settings.sfm.alignToGps}
        onChange={(event) => onDraft({ sfm: { ...settings.sfm, alignToGps: event.target.checked } })}
      />
    </label>
  )
}

function NumberRow({
  row,
  settings,
  onDraft,
}: {
  readonly row: Row
  readonly settings: RunSettings
  readonly onDraft: (change: Partial<RunSettings>) => void
}) {
  const value = numberAt(settings, row)
  const usual = numberAt(presets[settings.preset], row)
  const set = (next: number) => onDraft({ [row.part]: { ...settings[row.part], [row.key]: next } })
  return (
    <label className="advanced-row">
      <span>
        <b>{row.label}</b>
        <span className="soft">{row.effect}</span>
      </span>
      <span className="row">
        {value !== usual && <IconButton label={`Back to ${count(usual)}`} icon={RotateCcw} onClick={() => set(usual)} />}
        <input
          type="number"
          className="field field-small"
          value={value}
          min={row.min}
          max={row.max}
          step={row.step ?? 1}
          onChange={(event) => {
            const next = event.target.valueAsNumber
            if (Number.isFinite(next) && next >= row.min && next <= row.max) set(row.step ? next : Math.round(next))
          }}
        />
        <span className="quiet advanced-unit">{row.unit}</span>
      </span>
    </label>
  )
}

function numberAt(settings: Pick<RunSettings, Part>, row: Row): number {
  const part: Readonly<Record<string, unknown>> = settings[row.part]
  return Number(part[row.key])
}
