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
      photos: lens.byFile,
      links: lens.links,
      shown: new Set(lens.photos.map((one) => one.file)),
      leftOut: lens.leftOut,
      checked: lens.overlapDone,
      linkCounts: new Map([...lens.neighbours].map(([file, list]) => [file, list.length])),
      islands: detail.forecast?.islands.slice(1).filter((one) => one.length > 1) ?? [],
      bridges: new Set(detail.forecast?.bridges.flatMap((one) => one.photos) ?? []),
      ...marks,
      chosen: view.photo,
      hover: null,
    })
  })
  const islands = detail.forecast?.islands.length ?? 0
  const planned = marks.waypoints.length > 0 ? `, ${plural(marks.waypoints.length, 'position')} to re-shoot` : ''
  const words = `${plural(spots.length, 'photo')} and ${plural(lens.links.length, 'link')}${islands > 1 ? ` in ${islands} islands` : ''}${planned}. The photo grid lists the same.`
  return <canvas ref={canvas} className="chart-canvas" tabIndex={0} role="img" aria-label={words} />
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
