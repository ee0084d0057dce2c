import { type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import { thumbnailOf } from '../../artefacts.ts'
import { useDesk } from '../../desk.ts'
import { plural } from '../../format.ts'
import type { CaptureDetail, CaptureView } from '../../mirror-state.ts'
import { Chart, type ChartReport } from './chart.ts'
import { marksBetween, marksOnMap } from './waypoints.ts'
import { footprintOf, planeOf, type Spot } from './plane.ts'
import type { Lens } from './use-capture.ts'

type Props = {
  readonly chart: RefObject<Chart | null>
  readonly detail: CaptureDetail
  readonly view: CaptureView
  readonly lens: Lens
  readonly spots: readonly Spot[]
  readonly metric: boolean
  readonly onMoved: (report: ChartReport) => void
}

/** Above this many thumbnails the underlay is left away: it would not be legible and costs memory. */
const underlayLimit = 400

/** The canvas of map and links. Its equal for the screen reader is the photo grid beside it. */
export function ChartCanvas({ chart, detail, view, lens, spots, metric, onMoved }: Props) {
  const { intents } = useDesk()
  const canvas = useRef<HTMLCanvasElement>(null)
  const pictures = usePictures(detail, metric)
  const { captureId } = detail
  const marks = useMemo(
    () => (metric ? marksOnMap(lens.plan, planeOf(detail.photos, lens.doubted)) : marksBetween(lens.plan, spots)),
    [lens.plan, lens.doubted, detail.photos, metric, spots],
  )
  useEffect(() => {
    if (!canvas.current) return undefined
    const made = new Chart(canvas.current, {
      pick: (file) => intents.look(captureId, { photo: file, picked: [] }),
      moved: (report) => onMoved(report),
    })
    // The pane's buttons reach the chart through the ref that it lends.
    // oxlint-disable-next-line react/immutability
    chart.current = made
    return () => {
      made.dispose()
      chart.current = null
    }
  }, [chart, captureId, intents, onMoved])
  useEffect(() => {
    chart.current?.show({
      spots,
      metric,
      pictures,
      ...drawnOf(lens, detail.forecast),
      ...marks,
      chosen: view.photo,
      hover: null,
    })
  })
  const spoken = spokenChart({
    photos: spots.length,
    links: lens.links.length,
    islands: detail.forecast?.islands.length ?? 0,
    positions: marks.waypoints.length,
  })
  return <canvas ref={canvas} className="chart-canvas" tabIndex={0} role="img" aria-label={spoken} />
}

/** What is drawn of the photos and the links between them; the largest island needs no hull. */
function drawnOf(lens: Lens, forecast: CaptureDetail['forecast']) {
  return {
    photos: lens.byFile,
    links: lens.links,
    shown: new Set(lens.photos.map((one) => one.file)),
    leftOut: lens.leftOut,
    checked: lens.overlapDone,
    linkCounts: new Map([...lens.neighbours].map(([file, list]) => [file, list.length])),
    islands: forecast?.islands.slice(1).filter((one) => one.length > 1) ?? [],
    bridges: new Set(forecast?.bridges.flatMap((one) => one.photos) ?? []),
  }
}

type Counts = { readonly photos: number; readonly links: number; readonly islands: number; readonly positions: number }

/** The chart in one sentence, for who does not see it. */
function spokenChart({ photos, links, islands, positions }: Counts): string {
  const apart = islands > 1 ? ` in ${islands} islands` : ''
  const planned = positions > 0 ? `, ${plural(positions, 'position')} to re-shoot` : ''
  return `${plural(photos, 'photo')} and ${plural(links, 'link')}${apart}${planned}. The photo grid lists the same.`
}

/** The thumbnails of photos whose ground is known, as they load. */
function usePictures(detail: CaptureDetail, wanted: boolean): ReadonlyMap<string, HTMLImageElement> {
  const { url } = useDesk()
  const [loaded, setLoaded] = useState<ReadonlyMap<string, HTMLImageElement>>(new Map())
  const files = useMemo(
    () => (wanted && detail.photos.length <= underlayLimit ? detail.photos.filter((one) => footprintOf(one) !== null) : []),
    [wanted, detail.photos],
  )
  useEffect(() => {
    let current = true
    for (const photo of files) {
      const picture = new Image()
      picture.onload = () => current && setLoaded((old) => (old.has(photo.file) ? old : new Map(old).set(photo.file, picture)))
      picture.src = url(thumbnailOf(photo.sha256))
    }
    return () => {
      current = false
    }
  }, [files, url])
  return loaded
}
