import { Box, RotateCw, Save } from 'lucide-react'
import type { RunSummary } from '../../../core/run/run-summary.ts'
import type { RunEvent } from '../../../core/run/events.ts'
import { useDesk, useMirror } from '../../desk.ts'
import { clockTime, count, decimal, duration, ticking } from '../../format.ts'
import type { CaptureDetail } from '../../mirror-state.ts'
import { Button } from '../../parts/button.tsx'
import { Badge } from '../../parts/chip.tsx'
import { Beside, DrawerButton, useDrawer } from '../../parts/drawer.tsx'
import { Num } from '../../parts/num.tsx'
import { ProblemCard, type Remedy } from '../../parts/problem-card.tsx'
import { StateGlyph } from '../../parts/state-glyph.tsx'
import { useClock } from '../../parts/use-clock.ts'
import { sageMakerSays } from './money.ts'
import { RunCharts } from './run-charts.tsx'
import { RunLog } from './run-log.tsx'
import { RunPreview } from './run-preview.tsx'
import { RunSide } from './run-side.tsx'
import { leavesScene, runSpoken, runTitle, timeLeft } from './run-words.ts'
import { StageList } from './stage-list.tsx'
import { StopDialog } from './stop-dialog.tsx'

const noEvents: readonly RunEvent[] = []
/** Silence after which a run counts as quiet, then as stalled (shared/screens.md section 2). */
const quietMs = 40_000
const stalledMs = 120_000

/** A run under way or ended. */
export function RunView({ run, detail }: { readonly run: RunSummary; readonly detail: CaptureDetail }) {
  const events = useMirror((state) => state.held.get(run.runId)?.events) ?? noEvents
  const { intents } = useDesk()
  const drawer = useDrawer()
  return (
    <>
      <header className="run-head">
        <div className="grow">
          <div className="row">
            <h1 data-source="progress.jsonl">{runTitle(run.state)}</h1>
            <span className="only-read" role="status" data-source="progress.jsonl">
              {runSpoken(run.state)}
            </span>
            <Badge tone="info">{run.settings.where === 'local' ? 'this machine, free' : run.settings.where}</Badge>
          </div>
          <Clocks run={run} events={events} />
        </div>
        <DrawerButton drawer={drawer} />
        <NextStep run={run} scene={leavesScene(run.state, events)} onStop={() => intents.showDialog('stop')} />
      </header>
      {run.state.problem && <Failure run={run} />}
      <div className="run-panes">
        {/* A pane that scrolls must be reachable by keyboard (axe: scrollable-region-focusable). */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <div className="run-left scroll" tabIndex={0} role="region" aria-label="Stages and what happened">
          <StageList run={run} />
          <RunLog events={events} />
        </div>
        <div className="run-middle">
          <RunPreview run={run} />
          <RunCharts run={run} />
        </div>
        <Beside drawer={drawer}>
          <RunSide run={run} detail={detail} />
        </Beside>
      </div>
      <StopDialog run={run} />
    </>
  )
}

/** Started, elapsed, last heard: arithmetic on recorded times. */
function Clocks({ run, events }: { readonly run: RunSummary; readonly events: readonly RunEvent[] }) {
  const { state } = run
  const alive = state.kind === 'running' || state.kind === 'stopping'
  const now = useClock(alive)
  const left = alive ? timeLeft(events) : null
  const silence = state.lastHeardAt ? Math.max(0, now - Date.parse(state.lastHeardAt)) : 0
  const says = sageMakerSays(state)
  const end = state.endedAt ? Date.parse(state.endedAt) : now
  return (
    <p className="soft clocks">
      {alive && (
        <span className="row">
          <StateGlyph state={silence > stalledMs ? 'stalled' : 'quiet'} />
          <span className={silence > stalledMs ? 'tone-warn' : ''} data-source="lastHeardAt">
            {silence > quietMs ? `No word for ${ticking(silence)}` : `last heard ${ticking(silence)} ago`}
          </span>
        </span>
      )}
      {alive && silence > quietMs && says && <span data-source="GET /jobs">{says}</span>}
      {state.startedAt && <span data-source="startedAt">started {clockTime(state.startedAt)}</span>}
      {state.startedAt && (
        <span data-source="startedAt, endedAt">
          {alive ? 'running' : 'took'} {alive ? ticking(end - Date.parse(state.startedAt)) : duration(end - Date.parse(state.startedAt))}
        </span>
      )}
      {left && (
        <span data-source="progress.jsonl, last 60 s">
          at {decimal(left.perS, 1)} iterations/s, {count(left.remain)} remain: about {duration(left.ms)}
        </span>
      )}
    </p>
  )
}

function NextStep({ run, scene, onStop }: { readonly run: RunSummary; readonly scene: boolean; readonly onStop: () => void }) {
  const { intents } = useDesk()
  const busy = useMirror((state) => state.busy)
  const { kind } = run.state
  const open = (
    <Button tone="primary" icon={Box} onClick={() => intents.openScene(run.captureId, run.runId)}>
      {kind === 'done' ? 'Open scene' : 'Open what was kept'}
    </Button>
  )
  const another = <Button onClick={() => intents.setUp(run.captureId)}>New run</Button>
  if (kind === 'done') {
    return (
      <div className="row">
        {another}
        {open}
      </div>
    )
  }
  if (kind === 'stopped' || kind === 'failed') {
    return (
      <div className="row">
        {another}
        {scene && open}
        <Button
          tone={scene ? 'plain' : 'primary'}
          icon={RotateCw}
          disabled={busy.has('resume')}
          onClick={() => void intents.resume(run.runId)}
        >
          {resumeWord(run)}
        </Button>
      </div>
    )
  }
  return (
    <Button icon={Save} disabled={kind === 'stopping'} onClick={onStop}>
      {kind === 'stopping' ? 'Stopping' : 'Stop, keep what is there'}
    </Button>
  )
}

/** What a resumed run begins with: its first unfinished stage. */
function resumeWord(run: RunSummary): string {
  // Nothing is started again there under the same name: it is asked what became of it, and what it left is fetched.
  if (run.settings.where !== 'local') return 'Ask the account again'
  const next = run.state.stages.find((one) => one.kind !== 'done' && one.kind !== 'reused')
  return next
    ? `Run again from ${{ sfm: 'structure from motion', '3dgs': 'training', compression: 'compression' }[next.stage]}`
    : 'Run again'
}

function Failure({ run }: { readonly run: RunSummary }) {
  const { intents } = useDesk()
  if (!run.state.problem) return null
  const remedies: readonly Remedy[] = [
    { label: resumeWord(run), act: () => void intents.resume(run.runId) },
    { label: 'Change the settings', act: () => intents.draft(run.captureId, run.settings) ?? intents.setUp(run.captureId) },
    run.settings.where === 'local'
      ? { label: 'Check this machine', act: () => intents.go({ room: 'settings', section: 'machine' }) }
      : { label: 'Check the account', act: () => intents.go({ room: 'settings', section: 'accounts' }) },
  ]
  return (
    <div className="run-failure">
      <ProblemCard problem={run.state.problem} remedies={remedies} />
      {run.state.checkpoints.length > 0 && (
        <p className="soft">
          Kept: <Num value={`iteration ${count(run.state.checkpoints.at(-1)?.iteration ?? 0)}`} source="progress.jsonl" />
        </p>
      )}
      {run.state.failureLog && run.state.failureLog.length > 0 && (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <pre className="run-failure-log scroll" tabIndex={0} role="region" aria-label="End of the stage's log" data-source="logs">
          {run.state.failureLog.join('\n')}
        </pre>
      )}
    </div>
  )
}
