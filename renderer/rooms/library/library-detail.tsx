import { Box, Images, type LucideIcon, Pencil, Play, RotateCw, Square, Trash2 } from 'lucide-react'
import type { CaptureSummary } from '../../../core/capture/capture.ts'
import { photosRead } from '../../capture-words.ts'
import { useDesk, useMirror } from '../../desk.ts'
import { bytes, day } from '../../format.ts'
import { Button, IconButton } from '../../parts/button.tsx'
import { useNow } from '../../parts/use-clock.ts'
import { Thumb } from '../../parts/thumb.tsx'
import { type LibraryRow, pictureOf, sceneRun } from './library-rows.ts'
import { LastRun, RunFiles, RunList } from './library-runs.tsx'
import { type NextStep, nextStep, nextStepWords } from './next-step.ts'

/** The chosen capture: picture, the next step, its files and runs. */
export function LibraryDetail({ row }: { readonly row: LibraryRow }) {
  const { capture, runs } = row
  const { captureId } = capture
  const last = runs[0]
  return (
    // A pane that scrolls must be reachable by keyboard (axe: scrollable-region-focusable).
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <aside className="library-detail scroll" aria-label="Inspector" tabIndex={0}>
      <Picture key={captureId} row={row} />
      <div className="library-name">
        <Name capture={capture} />
        <Steps row={row} />
      </div>
      {last && <RunFiles run={last} />}
      {runs.length > 0 && <RunList captureId={captureId} runs={runs} />}
      {last && <LastRun run={last} />}
    </aside>
  )
}

/** The scene as its trainer rendered it, or a photo before there is one; it says which. */
function Picture({ row }: { readonly row: LibraryRow }) {
  const { address, isScene } = pictureOf(row)
  return (
    <figure>
      <Thumb address={address} name="No picture yet" className="library-picture" />
      {address !== null && (
        <figcaption className="quiet">{isScene ? 'The scene, rendered from a held-out photo’s place' : 'A photo: no scene yet'}</figcaption>
      )}
    </figure>
  )
}

function Name({ capture }: { readonly capture: CaptureSummary }) {
  const { intents } = useDesk()
  const now = useNow()
  const { words, whole } = photosRead(capture)
  const one = whole && capture.photoCount === 1
  return (
    <>
      <div className="row">
        <h2 className="grow clip" title={capture.name} data-source="captures.list name">
          {capture.name}
        </h2>
        <IconButton label="Rename capture" icon={Pencil} onClick={() => intents.showDialog('rename')} />
        <IconButton label="Delete capture (photos stay)" icon={Trash2} onClick={() => void intents.remove(capture.captureId)} />
      </div>
      <p className="soft" data-source="captures.list">
        {words} {one ? 'photo' : 'photos'}
        {whole ? '' : ' read'}, {bytes(capture.sizeBytes)}
        {whole ? '' : ' so far'}
        {capture.takenAt ? `, taken ${day(capture.takenAt, now)}` : ''}
      </p>
      <p className="quiet clip" title={capture.folder} data-source="captures.list folder">
        {capture.folder}
      </p>
    </>
  )
}

const icons: Readonly<Record<NextStep, LucideIcon>> = {
  'stop-scan': Square,
  'go-on-reading': RotateCw,
  'read-again': RotateCw,
  'see-run': Play,
  'open-scene': Box,
  'see-photos': Images,
  'set-up': Play,
}

/** The one next step, and the way to the photos. */
function Steps({ row }: { readonly row: LibraryRow }) {
  const { intents } = useDesk()
  const busy = useMirror((state) => state.busy)
  const { captureId } = row.capture
  const step = nextStep(row)
  const scene = sceneRun(row)
  const acts: Readonly<Record<NextStep, () => void>> = {
    'stop-scan': () => void intents.stopScan(captureId),
    'go-on-reading': () => void intents.rescan(captureId),
    'read-again': () => void intents.rescan(captureId),
    'see-run': () => intents.go({ room: 'run', captureId, runId: row.run?.runId ?? null }),
    'open-scene': () => scene && intents.openScene(captureId, scene.runId),
    'see-photos': () => intents.go({ room: 'capture', captureId }),
    'set-up': () => intents.setUp(captureId),
  }
  return (
    <div className="row">
      <Button tone="primary" icon={icons[step]} className="grow" disabled={busy.has('stopScan') || busy.has('rescan')} onClick={acts[step]}>
        {nextStepWords[step]}
      </Button>
      {step !== 'see-photos' && (
        <Button icon={Images} onClick={() => intents.go({ room: 'capture', captureId })}>
          Photos
        </Button>
      )}
    </div>
  )
}
