import type { RunSummary } from '../../../core/run/run-summary.ts'
import type { StageState } from '../../../core/run/reduce.ts'
import { stageWord } from '../../capture-words.ts'
import { duration, ticking } from '../../format.ts'
import { CountBar } from '../../parts/count-bar.tsx'
import { FactTable } from '../../parts/fact-table.tsx'
import { type GlyphState, StateGlyph } from '../../parts/state-glyph.tsx'
import { useClock } from '../../parts/use-clock.ts'
import { barOf, stageFacts } from './run-words.ts'

const glyphs: Readonly<Record<StageState['kind'], GlyphState>> = {
  waiting: 'waiting',
  running: 'running',
  reused: 'reused',
  done: 'done',
  failed: 'failed',
  stopped: 'stopped',
}

/** The three stages, each with what was counted. */
export function StageList({ run }: { readonly run: RunSummary }) {
  return (
    <ol className="stage-list" aria-label="Stages">
      {run.state.stages.map((stage) => (
        <StageRow key={stage.stage} stage={stage} />
      ))}
    </ol>
  )
}

function StageRow({ stage }: { readonly stage: StageState }) {
  const running = stage.kind === 'running'
  const bar = running ? barOf(stage) : null
  return (
    <li className="stage-row" data-stage={stage.stage} data-kind={stage.kind} aria-current={running ? 'step' : undefined}>
      <div className="row">
        <StateGlyph state={glyphs[stage.kind]} label={stage.kind} />
        <h2 className="grow">{stageWord(stage.stage)}</h2>
        <StageTime stage={stage} />
      </div>
      {stage.steps.length > 0 && (
        <div className="stage-body">
          {bar && <CountBar {...bar} label={stageWord(stage.stage)} />}
          <FactTable end facts={stageFacts(stage)} />
        </div>
      )}
    </li>
  )
}

function StageTime({ stage }: { readonly stage: StageState }) {
  const now = useClock(stage.kind === 'running')
  if (stage.kind === 'waiting') return <span className="quiet">not started</span>
  if (stage.kind === 'reused') return <span className="quiet">reused</span>
  const ms = stage.tookMs ?? (stage.startedAt ? now - Date.parse(stage.startedAt) : null)
  return (
    <span className="quiet" data-source="stage-started, stage-done">
      {ms === null ? '' : stage.kind === 'running' ? ticking(ms) : duration(ms)}
    </span>
  )
}
