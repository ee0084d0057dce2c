import { Preset, presets, type RunSettings } from '../../../core/run/settings.ts'
import { count } from '../../format.ts'
import { Num } from '../../parts/num.tsx'

const presetWords: Readonly<Record<Preset, string>> = { preview: 'Preview', standard: 'Standard', high: 'High' }
const presetFor: Readonly<Record<Preset, string>> = {
  preview: 'Is it all there? A first look.',
  standard: 'For looking around and sharing.',
  high: 'The finest that these photos give.',
}

/** The presets with their own numbers. */
export function Presets({
  settings,
  onDraft,
}: {
  readonly settings: RunSettings
  readonly onDraft: (change: Partial<RunSettings>) => void
}) {
  const of = (preset: Preset): Partial<RunSettings> => {
    const { sfm, train: recipe, compression } = structuredClone(presets[preset])
    return { sfm, train: { ...recipe, engine: settings.train.engine }, compression, preset }
  }
  return (
    <section>
      <h2>Quality</h2>
      <div className="choice-row" role="radiogroup" aria-label="Quality">
        {Preset.options.map((preset) => {
          const { train, sfm } = presets[preset]
          return (
            <button
              key={preset}
              type="button"
              aria-label={`${presetWords[preset]}: ${count(train.iterations)} iterations, up to ${count(train.cap)} gaussians`}
              className="choice choice-preset"
              role="radio"
              aria-checked={settings.preset === preset}
              onClick={() => onDraft(of(preset))}
            >
              <span>
                <b>{presetWords[preset]}</b>
                <span className="soft">{presetFor[preset]}</span>
                <span className="preset-facts">
                  <Num value={count(train.iterations)} source="core/run/settings" /> iterations
                  <br />
                  up to <Num value={count(train.cap)} source="core/run/settings" /> gaussians
                  <br />
                  photos at <Num value={count(train.longSidePx)} source="core/run/settings" /> px, sfm at{' '}
                  <Num value={count(sfm.maxImageSizePx)} source="core/run/settings" /> px
                </span>
              </span>
            </button>
          )
        })}
      </div>
    </section>
  )
}
