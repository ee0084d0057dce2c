import { problem } from '../../core/problem.ts'
import { LinkNotice } from '../frame/notices.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { EmptyCapture } from '../rooms/capture/empty-capture.tsx'
import { EmptyLibrary } from '../rooms/library/library-room.tsx'
import { NoRun } from '../rooms/run/run-room.tsx'
import { firstReadout, type Readout } from '../rooms/viewer/readout.ts'
import { StageStatus } from '../rooms/viewer/stage-status.tsx'
import { NoScene } from '../rooms/viewer/viewer-room.tsx'
import { Piece } from './piece.tsx'

const nothing = () => undefined
const scene = (change: Partial<Readout>): Readout => ({ ...firstReadout, ...change })

const stages: readonly Readout[] = [
  scene({ state: 'loading', loading: { done: 4_200_000, total: 11_400_000 } }),
  scene({ state: 'decoding' }),
  scene({ state: 'shown', frameMs: 172, drawnRatio: 0.42 }),
  scene({
    state: 'failed',
    problem: problem('scene/gpu-lost', 'The graphics card dropped the picture.', 'Show it again: the view stays where it is.'),
  }),
  scene({
    state: 'failed',
    problem: problem('scene/no-webgl', 'This window cannot draw in 3D: WebGL 2 is not available.', 'Turn on hardware acceleration.'),
  }),
]

/** What each room says while it is empty, waits, or has lost the engine. */
export function GalleryStates() {
  return (
    <>
      <Piece title="Nothing there yet">
        <EmptyCapture />
        <EmptyLibrary />
        <NoScene captureId={null} />
        <NoRun captureId="c-gallery0" />
      </Piece>
      <Piece title="Waiting">
        <Waiting title="Photos" what="Opening the capture" />
      </Piece>
      <Piece title="Engine lost">
        <LinkNotice link={{ kind: 'lost', since: '2026-11-24T14:02:00Z' }} onReconnect={nothing} />
        <LinkNotice link={{ kind: 'refused', since: '2026-11-24T14:02:00Z' }} onReconnect={nothing} />
      </Piece>
      <Piece title="Stage">
        {stages.map((readout, at) => (
          <div key={`${readout.state} ${at}`} className="gallery-stage stage" data-theme="dark">
            <StageStatus readout={readout} again={nothing} />
          </div>
        ))}
      </Piece>
    </>
  )
}
