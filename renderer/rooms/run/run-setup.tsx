import { Cloud, Monitor, Play } from 'lucide-react'
import { PipelineStep, Preset, presets, type RunSettings, settingsOf } from '../../../core/run/settings.ts'
import { stageWord } from '../../capture-words.ts'
import { useDesk, useMirror } from '../../desk.ts'
import { count, day, plural } from '../../format.ts'
import { reusableKey } from '../../intents/runs.ts'
import type { CaptureDetail } from '../../mirror-state.ts'
import { Button } from '../../parts/button.tsx'
import { Num } from '../../parts/num.tsx'
import { StateGlyph } from '../../parts/state-glyph.tsx'
import { useNow } from '../../parts/use-clock.ts'
import { stageNames, type StageName } from '../../../core/run/events.ts'
import { AdvancedSettings } from './advanced-settings.tsx'

/** Before the start: where, which steps, how well; and what can be reused. */
export function RunSetup({ detail }: { readonly detail: CaptureDetail }) {
  const { intents } = useDesk()
  const { captureId } = detail
  const settings = useMirror((state) => state.drafts.get(captureId)) ?? settingsOf('preview')
  const busy = useMirror((state) => state.busy)
  const inRun = detail.photos.length - detail.leftOut.length
  const draft = (change: Partial<RunSettings>) => intents.draft(captureId, { ...settings, ...change })
  const start = () => void intents.start(captureId, settings)
  const blocked =
    inRun < 3
      ? 'A scene needs at least three photos that overlap.'
      : settings.step !== 'full' && settings.fromRun === null
        ? 'Choose the run to go on from.'
        : undefined
  return (
    <>
      <header className="run-head">
        <div className="grow">
          <h1>Set up the run</h1>
          <p className="soft" data-source="captures.get photos">
            {plural(inRun, 'photo')} of {detail.name}
          </p>
        </div>
        <Button
          tone="primary"
          icon={Play}
          className="button-large"
          disabled={busy.has('start') || blocked !== undefined}
          title={blocked}
          onClick={start}
        >
          Run on this machine, free
        </Button>
      </header>
      <div className="run-setup scroll">
        <div className="run-setup-main">
          <Where />
          <Steps settings={settings} captureId={captureId} onDraft={draft} />
          <Presets settings={settings} onDraft={draft} />
          <AdvancedSettings settings={settings} onDraft={draft} />
        </div>
        <WillHappen settings={settings} captureId={captureId} inRun={inRun} />
      </div>
    </>
  )
}

function Where() {
  return (
    <section>
      <h2>Where</h2>
      <div className="choice-row" role="radiogroup" aria-label="Where">
        <button type="button" className="choice" role="radio" aria-checked>
          <Monitor size={18} strokeWidth={1.75} aria-hidden />
          <span>
            <b>This machine</b>
            <span className="soft">free, offline, photos stay here</span>
          </span>
        </button>
        <button
          type="button"
          className="choice"
          role="radio"
          aria-checked={false}
          disabled
          title="No cloud account is set up in this version."
        >
          <Cloud size={18} strokeWidth={1.75} aria-hidden />
          <span>
            <b>Your AWS account</b>
            <span className="soft">no account is set up</span>
          </span>
        </button>
      </div>
    </section>
  )
}

const stepWords: Readonly<Record<PipelineStep, readonly [string, string]>> = {
  full: ['Everything', 'structure from motion, training, compression'],
  '3dgs': ['Training on', 'reuses the sparse model of an earlier run'],
  compression: ['Compression only', 'reuses the trained scene of an earlier run'],
}

type PartProps = { readonly settings: RunSettings; readonly captureId: string; readonly onDraft: (change: Partial<RunSettings>) => void }

function Steps({ settings, captureId, onDraft }: PartProps) {
  const now = useNow()
  const runs = useMirror((state) => state.runs)
  const earlier = [...runs.values()].filter((one) => one.captureId === captureId).toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))
  const having = (step: PipelineStep) =>
    earlier.filter(
      (run) =>
        step === 'full' ||
        ['done', 'reused'].includes(run.state.stages.find((one) => one.stage === (step === '3dgs' ? 'sfm' : '3dgs'))?.kind ?? ''),
    )
  return (
    <section>
      <h2>Steps</h2>
      <div className="choice-row" role="radiogroup" aria-label="Steps">
        {PipelineStep.options.map((step) => {
          const from = having(step)
          const missing = step !== 'full' && from.length === 0
          return (
            <button
              key={step}
              type="button"
              aria-label={`${stepWords[step][0]}: ${stepWords[step][1]}`}
              className="choice"
              role="radio"
              aria-checked={settings.step === step}
              disabled={missing}
              title={missing ? 'No earlier run of this capture has what this needs.' : undefined}
              onClick={() => onDraft({ step, fromRun: step === 'full' ? null : (from[0]?.runId ?? null) })}
            >
              <span>
                <b>{stepWords[step][0]}</b>
                <span className="soft">{missing ? 'no earlier run has what this needs' : stepWords[step][1]}</span>
              </span>
            </button>
          )
        })}
      </div>
      {settings.step !== 'full' && (
        <label className="row">
          From
          <select className="field" value={settings.fromRun ?? ''} onChange={(event) => onDraft({ fromRun: event.target.value })}>
            {having(settings.step).map((run) => (
              <option key={run.runId} value={run.runId}>
                {day(run.createdAt, now)}, {run.settings.preset}
              </option>
            ))}
          </select>
        </label>
      )}
    </section>
  )
}

const presetWords: Readonly<Record<Preset, string>> = { preview: 'Preview', standard: 'Standard', high: 'High' }
const presetFor: Readonly<Record<Preset, string>> = {
  preview: 'Is it all there? A first look.',
  standard: 'For looking around and sharing.',
  high: 'The finest that these photos give.',
}

function Presets({ settings, onDraft }: Omit<PartProps, 'captureId'>) {
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
              onClick={() => onDraft({ ...structuredClone(presets[preset]), preset })}
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

/** What the run will do, stage by stage, and what it need not do again. */
function WillHappen({
  settings,
  captureId,
  inRun,
}: {
  readonly settings: RunSettings
  readonly captureId: string
  readonly inRun: number
}) {
  const reusable = useMirror((state) => state.reusable.get(reusableKey(captureId, settings)))
  const heldOut = settings.train.holdOutEvery > 0 ? Math.ceil(inRun / settings.train.holdOutEvery) : 0
  const doing: Readonly<Record<StageName, string>> = {
    sfm: `Finds where each of ${plural(inRun, 'photo')} was taken.`,
    '3dgs': `Trains ${count(settings.train.iterations)} iterations; first preview at iteration ${count(settings.train.previewAt[0] ?? settings.train.checkpointEvery)}.`,
    compression: 'Writes scene.sog and scene.spz and reads both back.',
  }
  return (
    <aside className="will-happen" aria-label="What will happen">
      <h2>What will happen</h2>
      <ol>
        {stageNames.map((stage) => {
          const reused = reusable?.includes(stage) ?? false
          return (
            <li key={stage}>
              <StateGlyph state={reused ? 'reused' : 'waiting'} />
              <span>
                <b>{stageWord(stage)}</b>
                <span className="soft" data-source="runs.reusable, core/run/settings">
                  {reused ? 'Reused from the stage cache: not done again.' : doing[stage]}
                </span>
              </span>
            </li>
          )
        })}
      </ol>
      <p className="soft" data-source="core/run/settings">
        {heldOut > 0
          ? `${plural(heldOut, 'photo')} of ${count(inRun)} ${heldOut === 1 ? 'is' : 'are'} held out of training: quality is measured on ${heldOut === 1 ? 'it' : 'them'} only.`
          : 'No photo is held out: quality will not be measured.'}
      </p>
      <p className="soft">You can stop at any time and keep what is there. Closing the window loses nothing.</p>
    </aside>
  )
}
