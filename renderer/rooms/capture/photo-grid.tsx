import '../../styles/capture-grid.css'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useDesk } from '../../desk.ts'
import type { CaptureDetail, CaptureView } from '../../mirror-state.ts'
import { PhotoTile } from './photo-tile.tsx'
import type { Lens } from './use-capture.ts'

const gap = 8
const caption = 24
/** Height of a tile's picture, as a share of its width: between 3:2 and 16:9, so that both kinds of camera lose little. */
const pictureShape = 0.62

type GridProps = { readonly detail: CaptureDetail; readonly view: CaptureView; readonly lens: Lens }

/** The virtual grid after the ARIA grid pattern: one tab stop, arrows move, X leaves out. */
export function PhotoGrid({ detail, view, lens }: GridProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const { columns, rowPx } = layoutIn(useWidth(scroller), view.tilePx)
  const rows = Math.ceil(lens.photos.length / columns)
  // No React compiler is in use, which is all that this rule guards.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({ count: rows, getScrollElement: () => scroller.current, estimateSize: () => rowPx, overscan: 4 })
  const chosenAt = lens.photos.findIndex((one) => one.file === view.photo)
  useEffect(() => virtual.measure(), [virtual, rowPx])
  useEffect(() => {
    if (chosenAt >= 0) virtual.scrollToIndex(Math.floor(chosenAt / columns), { align: 'auto' })
  }, [virtual, chosenAt, columns])
  const onKeyDown = useGridKeys(detail, view, lens, columns, chosenAt)
  return (
    <div ref={scroller} className="grid-scroll scroll">
      <div
        className="grid"
        role="grid"
        aria-label="Photos"
        aria-rowcount={rows}
        aria-colcount={columns}
        tabIndex={0}
        aria-activedescendant={chosenAt >= 0 ? `photo-${chosenAt}` : undefined}
        onKeyDown={onKeyDown}
        style={{ height: virtual.getTotalSize() }}
      >
        {virtual.getVirtualItems().map((row) => (
          <div
            key={row.key}
            role="row"
            aria-rowindex={row.index + 1}
            className="grid-row"
            style={{ transform: `translateY(${row.start}px)`, gridTemplateColumns: `repeat(${columns}, 1fr)`, height: rowPx - gap }}
          >
            <Tiles detail={detail} view={view} lens={lens} from={row.index * columns} count={columns} />
          </div>
        ))}
      </div>
    </div>
  )
}

/** As many columns of at least `tilePx` as fit a width, and how high a row of them is. */
function layoutIn(width: number, tilePx: number): { readonly columns: number; readonly rowPx: number } {
  const columns = Math.max(1, Math.floor((width + gap) / (tilePx + gap)))
  const tile = (width - gap * (columns - 1)) / columns
  return { columns, rowPx: Math.round(tile * pictureShape) + caption + gap }
}

/** `count` tiles of the shown photos, beginning with the one at `from`. */
function Tiles({ detail, view, lens, from, count }: GridProps & { readonly from: number; readonly count: number }) {
  return lens.photos
    .slice(from, from + count)
    .map((photo, at) => (
      <PhotoTile
        key={photo.file}
        id={`photo-${from + at}`}
        photo={photo}
        detail={detail}
        lens={lens}
        chosen={photo.file === view.photo}
        picked={view.picked.includes(photo.file)}
      />
    ))
}

/** Content width of an element, kept up to date. */
function useWidth(box: React.RefObject<HTMLDivElement | null>): number {
  const [width, setWidth] = useState(420)
  useEffect(() => {
    const element = box.current
    if (!element) return undefined
    const watch = new ResizeObserver(([entry]) => entry && setWidth(entry.contentRect.width))
    watch.observe(element)
    return () => watch.disconnect()
  }, [box])
  return width
}

function useGridKeys(detail: CaptureDetail, view: CaptureView, lens: Lens, columns: number, chosenAt: number) {
  const { intents } = useDesk()
  const { captureId } = detail
  const moves: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    PageUp: -columns * 4,
    PageDown: columns * 4,
    Home: -1e9,
    End: 1e9,
  }
  const select = (at: number, extend: boolean) => {
    const to = Math.min(Math.max(at, 0), lens.photos.length - 1)
    const photo = lens.photos[to]
    if (!photo) return
    const range = lens.photos.slice(Math.min(chosenAt, to), Math.max(chosenAt, to) + 1).map((one) => one.file)
    intents.look(captureId, { photo: photo.file, picked: extend ? [...new Set([...view.picked, ...range])] : [] })
  }
  const leaveOut = () => {
    const files = view.picked.length > 0 ? view.picked : view.photo ? [view.photo] : []
    void intents.setUse(
      captureId,
      files,
      files.every((file) => lens.leftOut.has(file)),
    )
  }
  return (event: KeyboardEvent) => {
    const move = moves[event.key]
    if (move !== undefined) select(chosenAt < 0 ? 0 : chosenAt + move, event.shiftKey)
    else if (event.key === 'x' || event.key === 'X') leaveOut()
    else if (event.key === 'n') select(nextFinding(lens, chosenAt), false)
    else if (event.key === 'Escape') intents.look(captureId, { photo: null, picked: [] })
    else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) intents.look(captureId, { picked: lens.photos.map((one) => one.file) })
    else return
    event.preventDefault()
  }
}

function nextFinding(lens: Lens, from: number): number {
  const after = lens.photos.findIndex((one, at) => at > from && lens.findings.has(one.file))
  return after >= 0 ? after : lens.photos.findIndex((one) => lens.findings.has(one.file))
}
