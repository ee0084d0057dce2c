import '../../styles/capture-chart.css'
import { Map as MapIcon, Maximize, Minus, Plus, Waypoints } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import { useDesk } from '../../desk.ts'
import { count, decimal, plural } from '../../format.ts'
import type { CaptureDetail, CaptureView } from '../../mirror-state.ts'
import { IconButton } from '../../parts/button.tsx'
import { Segmented } from '../../parts/segmented.tsx'
import type { Chart, ChartReport } from './chart.ts'
import { ChartCanvas } from './chart-canvas.tsx'
import { layOutLinks } from './link-layout.ts'
import { spotsOf } from './plane.ts'
import { Strip } from './strip.tsx'
import type { Lens } from './use-capture.ts'

type Props = { readonly detail: CaptureDetail; readonly view: CaptureView; readonly lens: Lens }

/** Where the photos were taken and which of them hang together; the same selection as the grid. */
export function ChartPane({ detail, view, lens }: Props) {
  const { intents } = useDesk()
  const chart = useRef<Chart | null>(null)
  const [report, setReport] = useState<ChartReport>({ scaleM: 0, scalePx: 0 })
  const onMap = useMemo(() => spotsOf(detail.photos), [detail.photos])
  const mapWhy =
    onMap.length >= 2 || detail.scan.kind === 'scanning' ? undefined : 'No GPS in these photos: the links view works without it.'
  const kind = mapWhy ? 'links' : (view.chart ?? 'map')
  const spots = useMemo(
    () =>
      kind === 'map'
        ? onMap
        : layOutLinks(
            detail.photos.map((one) => one.file),
            detail.pairs,
          ),
    [kind, onMap, detail.photos, detail.pairs],
  )
  const poor = detail.findings.find((one) => one.code === 'capture/gps-poor')
  return (
    <section className="pane" aria-label={kind === 'map' ? 'Map' : 'Links'}>
      <header className="pane-head">
        <Segmented
          label="View"
          value={kind}
          choices={[
            { value: 'map', label: 'Map', icon: MapIcon, disabled: mapWhy },
            { value: 'links', label: 'Links', icon: Waypoints },
          ]}
          onChoose={(next) => intents.look(detail.captureId, { chart: next })}
        />
        <span className="grow" />
        <span className="quiet" data-source={kind === 'map' ? 'EXIF GPS' : 'forecast pairs'}>
          {kind === 'map' ? `${count(onMap.length)} of ${count(detail.photos.length)} with GPS` : plural(lens.links.length, 'link')}
        </span>
      </header>
      <div className="chart-box">
        <ChartCanvas chart={chart} detail={detail} view={view} lens={lens} spots={spots} metric={kind === 'map'} onMoved={setReport} />
        <Legend />
        {kind === 'map' && poor && (
          <p className="chart-note" data-source="finding capture/gps-poor">
            {poor.what}
          </p>
        )}
        {mapWhy && <p className="chart-note chart-note-info">{mapWhy}</p>}
        <div className="chart-tools">
          <IconButton label="Zoom in" icon={Plus} keys="+" onClick={() => chart.current?.zoom(1.3)} />
          <IconButton label="Zoom out" icon={Minus} keys="-" onClick={() => chart.current?.zoom(1 / 1.3)} />
          <IconButton label="Fit" icon={Maximize} keys="0" onClick={() => chart.current?.fit()} />
        </div>
        {kind === 'map' && <ScaleBar report={report} detail={detail} view={view} />}
      </div>
      <Strip detail={detail} view={view} lens={lens} />
    </section>
  )
}

function Legend() {
  return (
    <ul className="legend" aria-label="Legend" data-source="rooms/capture/links">
      <li>
        <i className="legend-strong" /> 60 or more shared
      </li>
      <li>
        <i className="legend-weak" /> 15 to 59
      </li>
      <li>
        <i className="legend-loose" /> joins nothing
      </li>
    </ul>
  )
}

function ScaleBar({ report, detail, view }: { readonly report: ChartReport; readonly detail: CaptureDetail; readonly view: CaptureView }) {
  const gps = detail.photos.find((one) => one.file === view.photo)?.gps
  return (
    <div className="scale-bar">
      <span data-source="EXIF GPS">
        {report.scaleM >= 1 ? `${report.scaleM} m` : `${decimal(report.scaleM * 100, 0)} cm`}
        <i style={{ width: report.scalePx }} />
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
