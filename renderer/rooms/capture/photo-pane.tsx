import { Search, X, ZoomIn, ZoomOut } from 'lucide-react'
import { useDesk } from '../../desk.ts'
import { bytes, count, plural } from '../../format.ts'
import type { CaptureDetail, CaptureView } from '../../mirror-state.ts'
import { Button, IconButton } from '../../parts/button.tsx'
import { PhotoGrid } from './photo-grid.tsx'
import type { Lens } from './use-capture.ts'

/** The photos: count, size, filters, grid. */
export function PhotoPane({ detail, view, lens }: { readonly detail: CaptureDetail; readonly view: CaptureView; readonly lens: Lens }) {
  const { intents } = useDesk()
  const { captureId } = detail
  const inRun = detail.photos.filter((one) => !lens.leftOut.has(one.file))
  const size = inRun.reduce((sum, one) => sum + one.sizeBytes, 0)
  const filtered = lens.photos.length !== detail.photos.length
  return (
    <section className="pane" aria-label="Photos">
      <header className="pane-head">
        <b className="clip" data-source="captures.get photos">
          {filtered ? `${count(lens.photos.length)} of ${plural(detail.photos.length, 'photo')}` : plural(detail.photos.length, 'photo')}
        </b>
        <span className="quiet clip grow in-run" data-source="captures.get photos">
          {count(inRun.length)} in run, {bytes(size)}
        </span>
        <Tools captureId={captureId} view={view} />
      </header>
      {filtered && (
        <div className="row filter-line">
          <span className="soft grow" data-source="captures.get photos">
            {lens.photos.length === 0 ? 'No photo matches.' : `Filtered: ${count(lens.photos.length)} of ${count(detail.photos.length)}`}
          </span>
          <Button tone="link" small icon={X} onClick={() => intents.look(captureId, { chips: [], text: '' })}>
            Clear filters
          </Button>
        </div>
      )}
      <PhotoGrid detail={detail} view={view} lens={lens} />
    </section>
  )
}

/** Search, order and the size of the tiles. */
function Tools({ captureId, view }: { readonly captureId: string; readonly view: CaptureView }) {
  const { intents } = useDesk()
  return (
    <>
      <label className="search">
        <Search size={14} aria-hidden />
        <input
          type="search"
          className="field-small"
          placeholder="Name"
          aria-label="Filter photos by name"
          value={view.text}
          onChange={(event) => intents.look(captureId, { text: event.target.value })}
        />
      </label>
      <select
        className="field field-small order"
        aria-label="Order"
        value={view.sort}
        onChange={(event) => intents.look(captureId, { sort: event.target.value as CaptureView['sort'] })}
      >
        <option value="name">Name</option>
        <option value="time">Time</option>
        <option value="sharpness">Sharpness</option>
        <option value="links">Links</option>
      </select>
      <TileSize tilePx={view.tilePx} onSize={(tilePx) => intents.look(captureId, { tilePx })} />
    </>
  )
}

const smallestTilePx = 120
const largestTilePx = 320
const tileStepPx = 30

function TileSize({ tilePx, onSize }: { readonly tilePx: number; readonly onSize: (tilePx: number) => void }) {
  return (
    <>
      <IconButton
        className="tile-size"
        label="Smaller tiles"
        icon={ZoomOut}
        disabled={tilePx <= smallestTilePx}
        onClick={() => onSize(Math.max(smallestTilePx, tilePx - tileStepPx))}
      />
      <IconButton
        className="tile-size"
        label="Larger tiles"
        icon={ZoomIn}
        disabled={tilePx >= largestTilePx}
        onClick={() => onSize(Math.min(largestTilePx, tilePx + tileStepPx))}
      />
    </>
  )
}
