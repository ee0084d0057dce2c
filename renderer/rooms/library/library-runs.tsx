import { FileBox } from 'lucide-react'
import type { RunSummary } from '../../../core/run/run-summary.ts'
import type { RunEvent } from '../../../core/run/events.ts'
import { sayRun, stageWord } from '../../capture-words.ts'
import { useDesk, useMirror } from '../../desk.ts'
import { bytes, clockTime, day, decimal, duration } from '../../format.ts'
import { Button } from '../../parts/button.tsx'
import { FactTable } from '../../parts/fact-table.tsx'
import { Num } from '../../parts/num.tsx'
import { StateGlyph } from '../../parts/state-glyph.tsx'
import { useNow } from '../../parts/use-clock.ts'
import { hashOf } from '../../place.ts'

/** Every run of a capture, newest first. */
export function RunList({ captureId, runs }: { readonly captureId: string; readonly runs: readonly RunSummary[] }) {
  const { intents } = useDesk()
  return (
    <section>
      <div className="row">
        <h2 className="grow">Runs</h2>
        <Button tone="link" small onClick={() => intents.setUp(captureId)}>
          New run
        </Button>
      </div>
      <ul className="library-list">
        {runs.map((run) => (
          <RunRow key={run.runId} run={run} />
        ))}
      </ul>
    </section>
  )
}

function RunRow({ run }: { readonly run: RunSummary }) {
  const said = sayRun(run.state)
  const began = day(run.createdAt, useNow())
  return (
    <li>
      <a href={hashOf({ room: 'run', captureId: run.captureId, runId: run.runId })}>
        <StateGlyph state={said.glyph} label={said.word} />
        <span data-source="runs.list createdAt">{began.includes(':') ? began : `${began} ${clockTime(run.createdAt)}`}</span>
        <span className="grow clip soft library-outcome">
          {run.settings.preset}, {said.word.toLowerCase()}
        </span>
        <Num
          value={run.diskBytes > 0 ? bytes(run.diskBytes) : null}
          source="runs.list diskBytes"
          why="counted when the run ends"
          className="quiet"
        />
      </a>
    </li>
  )
}

const noEvents: readonly RunEvent[] = []

/** The files that a run's artefact events name; they are held while the run is the newest of the chosen capture. */
export function RunFiles({ run }: { readonly run: RunSummary }) {
  const events = useMirror((state) => state.held.get(run.runId)?.events) ?? noEvents
  const files = new Map(events.flatMap((event) => (event.kind === 'artefact' ? [[event.path, event.bytes] as const] : [])))
  return (
    <section>
      <h2>Files</h2>
      {files.size === 0 ? (
        <p className="soft" data-source="runs.list diskBytes">
          {run.diskBytes > 0 ? `${bytes(run.diskBytes)} on this machine` : 'Counted when the run ends.'}
        </p>
      ) : (
        <ul className="library-list">
          {[...files].map(([path, size]) => (
            <li key={path}>
              <FileBox size={15} strokeWidth={1.75} className="quiet" aria-hidden />
              <span className="grow clip" title={path}>
                {path}
              </span>
              <Num value={bytes(size)} source="artefact event" className="quiet" />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

/** How long the newest run took, stage by stage, and what it measured. */
export function LastRun({ run }: { readonly run: RunSummary }) {
  const { state } = run
  const psnr = state.psnr.at(-1)
  const took = state.startedAt && state.endedAt ? Date.parse(state.endedAt) - Date.parse(state.startedAt) : null
  const stages = state.stages.map((stage) => ({
    label: stageWord(stage.stage),
    value: stage.kind === 'reused' ? 'reused' : stage.tookMs === null ? null : duration(stage.tookMs),
    source: 'run events',
    why: 'not done in this run',
  }))
  const measured = psnr ? `${decimal(psnr.psnr, 2)} dB` : null
  return (
    <section>
      <h2>Last run</h2>
      <FactTable
        end
        facts={[
          { label: 'Cost', value: 'free', source: 'run settings where' },
          { label: 'Took', value: took === null ? null : duration(took), source: 'run events', why: 'not ended yet' },
          ...stages,
          { label: 'Held-out PSNR', value: measured, source: 'progress.jsonl evaluate', why: 'not measured' },
        ]}
      />
    </section>
  )
}
