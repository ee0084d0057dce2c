import '../../styles/capture-chart.css'
import { Box, Map as MapIcon, Maximize, Minus, Plus, Waypoints } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import { useDesk, useMirror } from '../../desk.ts'
import { count, decimal, plural } from '../../format.ts'
import type { CaptureDetail, CaptureView } from '../../mirror-state.ts'
import { IconButton } from '../../parts/button.tsx'
import { Segmented } from '../../parts/segmented.tsx'
import type { Chart, ChartReport } from './chart.ts'
import { ChartCanvas } from './chart-canvas.tsx'
import { layOutLinks } from './link-layout.ts'
import { roundLength, type Spot, spotsOf } from './plane.ts'
import { SketchCanvas } from './sketch-canvas.tsx'
import { Strip } from './strip.tsx'
import type { Lens } from './use-capture.ts'

type Props = { readonly detail: CaptureDetail; readonly view: CaptureView; readonly lens: Lens }

/** Where the photos were taken and which of them hang together, flat or as the rehearsal has them; the same selection as the grid. */
export function ChartPane({ detail, view, lens }: Props) {
  const onMap = useMemo(() => spotsOf(detail.photos, lens.doubted), [detail.photos, lens.doubted])
  const sketch = detail.forecast?.sketch
  const mapWhy =
    onMap.length >= 2 || detail.scan.kind === 'scanning' ? undefined : 'No GPS in these photos: the links view works without it.'
  const wanted = view.chart === 'sketch' && !sketch ? null : view.chart
  const poor = detail.findings.find((one) => one.code === 'capture/gps-poor')
  const kind = mapWhy && wanted !== 'sketch' ? 'links' : (wanted ?? 'map')
  return (
    <section className="pane" aria-label={{ map: 'Map', links: 'Links', sketch: 'Sketch' }[kind]}>
      <ChartHead detail={detail} lens={lens} kind={kind} mapWhy={mapWhy} onMap={onMap.length} />
      {/* Above the map and not on it: it would hide the lowest photos. */}
      {kind === 'map' && poor && (
        <p className="chart-warning" data-source="finding capture/gps-poor">
          {poor.what}
        </p>
      )}
      <div className="chart-box">
        {kind === 'sketch' && sketch ? (
          <>
            <SketchCanvas sketch={sketch} detail={detail} view={view} lens={lens} />
            <p className="chart-note chart-note-info">Drag to turn. From the check’s own matches, before anything is run.</p>
          </>
        ) : (
          <FlatChart detail={detail} view={view} lens={lens} onMap={onMap} isMap={kind === 'map'} mapWhy={mapWhy} />
        )}
      </div>
      <Strip detail={detail} view={view} lens={lens} />
    </section>
  )
}

type Kind = 'map' | 'links' | 'sketch'

function ChartHead({
  detail,
  lens,
  kind,
  mapWhy,
  onMap,
}: Pick<Props, 'detail' | 'lens'> & { readonly kind: Kind; readonly mapWhy: string | undefined; readonly onMap: number }) {
  const { intents } = useDesk()
  const sketch = detail.forecast?.sketch
  const said = {
    map: { text: `${count(onMap)} of ${count(detail.photos.length)} with GPS`, source: 'EXIF GPS' },
    links: { text: `${plural(lens.links.length, 'link')} forecast`, source: 'forecast pairs' },
    sketch: { text: `${count(sketch?.cameras.length ?? 0)} of ${count(detail.photos.length)} placed`, source: 'forecast sketch' },
  }[kind]
  return (
    <header className="pane-head">
      <Segmented<Kind>
        label="View"
        value={kind}
        choices={[
          { value: 'map', label: 'Map', icon: MapIcon, disabled: mapWhy },
          { value: 'links', label: 'Links', icon: Waypoints },
          { value: 'sketch', label: '3D', icon: Box, disabled: sketch ? undefined : 'No sketch yet: it comes with the forecast.' },
        ]}
        onChoose={(next) => intents.look(detail.captureId, { chart: next })}
      />
      <span className="grow" />
      <span className="quiet" data-source={said.source}>
        {said.text}
      </span>
    </header>
  )
}

/** Map and links: one canvas with its legend, notes and tools. */
function FlatChart({
  detail,
  view,
  lens,
  onMap,
  isMap,
  mapWhy,
}: Props & { readonly onMap: readonly Spot[]; readonly isMap: boolean; readonly mapWhy: string | undefined }) {
  const chart = useRef<Chart | null>(null)
  const [report, setReport] = useState<ChartReport>({ scaleM: 0, scalePx: 0 })
  const spots = useMemo(
    () =>
      isMap
        ? onMap
        : layOutLinks(
            detail.photos.map((one) => one.file),
            detail.pairs,
          ),
    [isMap, onMap, detail.photos, detail.pairs],
  )
  return (
    <>
      <ChartCanvas chart={chart} detail={detail} view={view} lens={lens} spots={spots} metric={isMap} onMoved={setReport} />
      <Legend planned={lens.plan.positions.length > 0} />
      {mapWhy && <p className="chart-note chart-note-info">{mapWhy}</p>}
      <div className="chart-tools">
        <IconButton label="Zoom in" icon={Plus} keys="+" onClick={() => chart.current?.zoom(1.3)} />
        <IconButton label="Zoom out" icon={Minus} keys="-" onClick={() => chart.current?.zoom(1 / 1.3)} />
        <IconButton label="Fit" icon={Maximize} keys="0" onClick={() => chart.current?.fit()} />
      </div>
      {isMap && <ScaleBar report={report} detail={detail} view={view} />}
    </>
  )
}

function Legend({ planned }: { readonly planned: boolean }) {
  return (
    <ul className="legend" aria-label="Legend" data-source="rooms/capture/links">
      <li className="legend-head">Links forecast, by features shared</li>
      <li>
        <i className="legend-strong" /> 60 or more
      </li>
      <li>
        <i className="legend-weak" /> 15 to 59
      </li>
      <li>
        <i className="legend-loose" /> should join nothing
      </li>
      {planned && (
        <li>
          <i className="legend-planned" /> to re-shoot
        </li>
      )}
    </ul>
  )
}

function ScaleBar({ report, detail, view }: { readonly report: ChartReport; readonly detail: CaptureDetail; readonly view: CaptureView }) {
  const gps = detail.photos.find((one) => one.file === view.photo)?.gps
  const scale = useScale(report)
  return (
    <div className="scale-bar">
      <span data-source="EXIF GPS">
        {scale.words}
        <i style={{ width: scale.px }} />
      </span>
      <span className="quiet">N ↑</span>
      <span className="grow" />
      {gps && (
        <span className="quiet" data-source="EXIF GPS">
          {decimal(gps.lat, 5)}, {decimal(gps.lon, 5)} (WGS 84)
        </span>
      )}
    </div>
  )
}

const footM = 0.3048

/** The bar in the person's own unit: a round length, and how many pixels it is long. */
function useScale({ scaleM, scalePx }: ChartReport): { readonly words: string; readonly px: number } {
  const isImperial = useMirror((state) => state.settings?.units === 'imperial')
  if (!isImperial || scaleM === 0) return { words: scaleM >= 1 ? `${scaleM} m` : `${decimal(scaleM * 100, 0)} cm`, px: scalePx }
  const pxPerFoot = (scalePx / scaleM) * footM
  const feet = roundLength(110, pxPerFoot)
  return { words: feet >= 1 ? `${feet} ft` : `${decimal(feet * 12, 1)} in`, px: feet * pxPerFoot }
}
