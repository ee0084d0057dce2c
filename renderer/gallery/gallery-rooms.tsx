import { firstView } from '../mirror-state.ts'
import { RunCharts } from '../rooms/run/run-charts.tsx'
import { StageList } from '../rooms/run/stage-list.tsx'
import { PhotoTile } from '../rooms/capture/photo-tile.tsx'
import { Strip } from '../rooms/capture/strip.tsx'
import { useLens } from '../rooms/capture/use-capture.ts'
import { VerdictBanner } from '../rooms/capture/verdict-banner.tsx'
import { captureIn, runIn } from './fixtures.ts'
import { Piece } from './piece.tsx'

const risky = captureIn('risky')
const [out = ''] = risky.photos.slice(5).map((one) => one.file)
const withOut = { ...risky, leftOut: [out] }

/** The larger parts of the rooms, in each state. */
export function GalleryRooms() {
  return (
    <>
      <Piece title="Verdict">
        <div className="gallery-stack">
          {(['reading', 'comparing', 'ready', 'risky', 'unusable', 'stopped', 'failed', 'unchecked'] as const).map((state) => (
            <VerdictBanner key={state} detail={captureIn(state)} view={firstView} />
          ))}
        </div>
      </Piece>
      <Piece title="Photos">
        <Tiles />
      </Piece>
      <Piece title="Stages">
        <div className="gallery-stages">
          {(['queued', 'running', 'failed', 'stopped', 'done'] as const).map((state) => (
            <StageList key={state} run={runIn(state)} />
          ))}
        </div>
      </Piece>
      <Piece title="Charts">
        <RunCharts run={runIn('running')} />
        <RunCharts run={runIn('queued')} />
      </Piece>
    </>
  )
}

function Tiles() {
  const lens = useLens(withOut, firstView)
  return (
    <>
      <div className="gallery-tiles" role="grid" aria-label="Photos">
        <div role="row" className="gallery-tiles">
          {[0, 3, 5, 9, 25].flatMap((at) => {
            const photo = withOut.photos[at]
            return photo
              ? [
                  <PhotoTile
                    key={photo.file}
                    id={`gallery-${at}`}
                    photo={photo}
                    detail={withOut}
                    lens={lens}
                    chosen={at === 0}
                    picked={false}
                  />,
                ]
              : []
          })}
        </div>
      </div>
      <Strip detail={withOut} view={firstView} lens={lens} />
    </>
  )
}
