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
  longestPx,
  onDraft,
}: {
  readonly settings: RunSettings
  /** The long side of the largest photo of the run; null before any was read. */
  readonly longestPx: number | null
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
        {Preset.options.map((preset) => (
          <PresetCard
            key={preset}
            preset={preset}
            longestPx={longestPx}
            chosen={settings.preset === preset}
            onChoose={() => onDraft(of(preset))}
          />
        ))}
      </div>
    </section>
  )
}

type CardProps = { readonly preset: Preset; readonly longestPx: number | null; readonly chosen: boolean; readonly onChoose: () => void }

function PresetCard({ preset, longestPx, chosen, onChoose }: CardProps) {
  const { train, sfm } = presets[preset]
  return (
    <button
      type="button"
      aria-label={`${presetWords[preset]}: ${count(train.iterations)} iterations, up to ${count(train.cap)} gaussians`}
      className="choice choice-preset"
      role="radio"
      aria-checked={chosen}
      onClick={onChoose}
    >
      <span>
        <b>{presetWords[preset]}</b>
        <span className="soft">{presetFor[preset]}</span>
        <span className="preset-facts">
          <Num value={count(train.iterations)} source="core/run/settings" /> iterations
          <br />
          up to <Num value={count(train.cap)} source="core/run/settings" /> gaussians
          <br />
          photos at <Pixels wanted={train.longSidePx} longestPx={longestPx} />, sfm at{' '}
          <Pixels wanted={sfm.maxImageSizePx} longestPx={longestPx} />
        </span>
      </span>
    </button>
  )
}

/** The size at which photos are used: never larger than they are. */
function Pixels({ wanted, longestPx }: { readonly wanted: number; readonly longestPx: number | null }) {
  const whole = longestPx !== null && longestPx <= wanted
  return (
    <>
      {whole && 'all '}
      <Num value={count(whole ? longestPx : wanted)} source={whole ? 'captures.get photos' : 'core/run/settings'} /> px
    </>
  )
}
