import type { RunSummary } from '../../../core/run/run-summary.ts'
import { PipelineStep, type RunSettings, settingsOf, usualPreset } from '../../../core/run/settings.ts'
import { useDesk, useMirror } from '../../desk.ts'
import { day, plural } from '../../format.ts'
import type { CaptureDetail } from '../../mirror-state.ts'
import { useNow } from '../../parts/use-clock.ts'
import { PhotosSent } from './photos-sent.tsx'
import { Presets } from './preset-cards.tsx'
import { QuotePanel } from './quote-panel.tsx'
import { StartButton } from './start-button.tsx'
import { Where } from './where.tsx'
import { WillHappen } from './will-happen.tsx'
import { AdvancedSettings } from './advanced-settings.tsx'

/** Before the start: where, which steps, how well; and what can be reused. */
export function RunSetup({ detail }: { readonly detail: CaptureDetail }) {
  const { intents } = useDesk()
  const { captureId } = detail
  const usual = useMirror((state) => state.settings?.preset) ?? usualPreset
  const settings = useMirror((state) => state.drafts.get(captureId)) ?? settingsOf(usual)
  const inRun = detail.photos.length - detail.leftOut.length
  const draft = (change: Partial<RunSettings>) => intents.draft(captureId, { ...settings, ...change })
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
        <StartButton settings={settings} captureId={captureId} blocked={blocked} />
      </header>
      <div className="run-setup scroll">
        <div className="run-setup-main">
          <Where settings={settings} onDraft={draft} />
          <QuotePanel settings={settings} captureId={captureId} onDraft={draft} />
          <PhotosSent captureId={captureId} photos={detail.scan.kind === 'done' ? inRun : null} />
          <Steps settings={settings} captureId={captureId} onDraft={draft} />
          <Presets settings={settings} longestPx={longestSide(detail)} onDraft={draft} />
          <AdvancedSettings settings={settings} onDraft={draft} />
        </div>
        <WillHappen settings={settings} captureId={captureId} inRun={inRun} />
      </div>
    </>
  )
}

/** The long side of the largest photo of the run. */
function longestSide({ photos, leftOut }: CaptureDetail): number | null {
  const out = new Set(leftOut)
  const used = photos.filter((one) => !out.has(one.file))
  return used.length === 0 ? null : used.reduce((most, one) => Math.max(most, one.widthPx, one.heightPx), 0)
}

const stepWords: Readonly<Record<PipelineStep, readonly [string, string]>> = {
  full: ['Everything', 'structure from motion, training, compression'],
  '3dgs': ['From training on', 'reuses the sparse model of an earlier run'],
  compression: ['Compression only', 'reuses the trained scene of an earlier run'],
}

type PartProps = { readonly settings: RunSettings; readonly captureId: string; readonly onDraft: (change: Partial<RunSettings>) => void }

function Steps({ settings, captureId, onDraft }: PartProps) {
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
      {settings.step !== 'full' && <From settings={settings} runs={having(settings.step)} onDraft={onDraft} />}
    </section>
  )
}

type FromProps = Pick<PartProps, 'settings' | 'onDraft'> & { readonly runs: readonly RunSummary[] }

/** The earlier run that is built upon. */
function From({ settings, runs, onDraft }: FromProps) {
  const now = useNow()
  return (
    <label className="row">
      From
      <select className="field" value={settings.fromRun ?? ''} onChange={(event) => onDraft({ fromRun: event.target.value })}>
        {runs.map((run) => (
          <option key={run.runId} value={run.runId}>
            {day(run.createdAt, now)}, {run.settings.preset}
          </option>
        ))}
      </select>
    </label>
  )
}
