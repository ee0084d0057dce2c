import { Box, FileBox, Images, Play, Pencil, Trash2 } from 'lucide-react'
import type { RunSummary } from '../../../core/contract.ts'
import type { RunEvent } from '../../../core/run/events.ts'
import { sayRun, stageWord } from '../../capture-words.ts'
import { useDesk, useMirror } from '../../desk.ts'
import { bytes, clockTime, day, decimal, duration, plural } from '../../format.ts'
import { Button, IconButton } from '../../parts/button.tsx'
import { FactTable } from '../../parts/fact-table.tsx'
import { Num } from '../../parts/num.tsx'
import { StateGlyph } from '../../parts/state-glyph.tsx'
import { useNow } from '../../parts/use-clock.ts'
import { Thumb } from '../../parts/thumb.tsx'
import { hashOf } from '../../place.ts'
import type { LibraryRow } from './library-rows.ts'

/** The chosen capture: picture, the next step, its files and runs. */
export function LibraryDetail({ row }: { readonly row: LibraryRow }) {
  const { intents } = useDesk()
  const { capture, runs } = row
  const { captureId } = capture
  const now = useNow()
  const scene = runs.find((run) => run.state.kind === 'done' || run.state.kept)
  const last = runs[0]
  return (
    <aside className="library-detail scroll" aria-label="Inspector">
      <Thumb key={captureId} address={capture.picture} name="No picture yet" className="library-picture" />
      <div className="library-name">
        <div className="row">
          <h2 className="grow clip" title={capture.name} data-source="captures.list name">
            {capture.name}
          </h2>
          <IconButton label="Rename capture" icon={Pencil} onClick={() => intents.showDialog('rename')} />
          <IconButton label="Delete capture (photos stay)" icon={Trash2} onClick={() => void intents.remove(captureId)} />
        </div>
        <p className="soft" data-source="captures.list">
          {plural(capture.photoCount, 'photo')}, {bytes(capture.sizeBytes)}
          {capture.takenAt ? `, taken ${day(capture.takenAt, now)}` : ''}
        </p>
        <p className="quiet clip" title={capture.folder} data-source="captures.list folder">
          {capture.folder}
        </p>
        <div className="row">
          {scene ? (
            <Button tone="primary" icon={Box} className="grow" onClick={() => intents.openScene(captureId, scene.runId)}>
              Open scene
            </Button>
          ) : (
            <Button
              tone="primary"
              icon={Play}
              className="grow"
              onClick={() => (last ? intents.go({ room: 'run', captureId, runId: last.runId }) : intents.setUp(captureId))}
            >
              {last ? 'Go to the run' : 'Set up run'}
            </Button>
          )}
          <Button icon={Images} onClick={() => intents.go({ room: 'capture', captureId })}>
            Photos
          </Button>
        </div>
      </div>
      {last && <Files run={last} />}
      {runs.length > 0 && (
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
      )}
      {last && <LastRun run={last} />}
    </aside>
  )
}

function RunRow({ run }: { readonly run: RunSummary }) {
  const said = sayRun(run.state)
  const day1 = day(run.createdAt, useNow())
  return (
    <li>
      <a href={hashOf({ room: 'run', captureId: run.captureId, runId: run.runId })}>
        <StateGlyph state={said.glyph} label={said.word} />
        <span data-source="runs.list createdAt">{day1.includes(':') ? day1 : `${day1} ${clockTime(run.createdAt)}`}</span>
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

/** The files that a run's artefact events name; they are held once its room was opened. */
function Files({ run }: { readonly run: RunSummary }) {
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

function LastRun({ run }: { readonly run: RunSummary }) {
  const { state } = run
  const psnr = state.psnr.at(-1)
  const took = state.startedAt && state.endedAt ? Date.parse(state.endedAt) - Date.parse(state.startedAt) : null
  return (
    <section>
      <h2>Last run</h2>
      <FactTable
        end
        facts={[
          { label: 'Cost', value: 'free', source: 'run settings where' },
          { label: 'Took', value: took === null ? null : duration(took), source: 'run events', why: 'not ended yet' },
          ...state.stages.map((stage) => ({
            label: stageWord(stage.stage),
            value: stage.kind === 'reused' ? 'reused' : stage.tookMs === null ? null : duration(stage.tookMs),
            source: 'run events',
            why: 'not done in this run',
          })),
          {
            label: 'Held-out PSNR',
            value: psnr ? `${decimal(psnr.psnr, 2)} dB` : null,
            source: 'progress.jsonl evaluate',
            why: 'not measured',
          },
        ]}
      />
    </section>
  )
}
