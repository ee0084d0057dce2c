import '../../styles/capture-reshoot.css'
import { ClipboardCopy, Download } from 'lucide-react'
import { toCsv } from '../../../core/overlap/reshoot-csv.ts'
import { toGpx } from '../../../core/overlap/reshoot-gpx.ts'
import { toKml } from '../../../core/overlap/reshoot-kml.ts'
import type { ReshootPlan, ReshootPosition } from '../../../core/overlap/reshoot-plan.ts'
import { howTo, planText, sentence, whereIs } from '../../../core/overlap/reshoot-words.ts'
import { useDesk } from '../../desk.ts'
import { plural } from '../../format.ts'
import type { CaptureDetail } from '../../mirror-state.ts'
import { Button } from '../../parts/button.tsx'
import { downloadText } from './download-text.ts'

const source = 'core/overlap reshoot'

/** What to photograph so that groups join, bridges hold and holes close; and the same as files for the flight. */
export function ReshootPanel({ detail, plan }: { readonly detail: CaptureDetail; readonly plan: ReshootPlan }) {
  return (
    <section className="findings reshoot scroll" aria-label="Re-shoot plan">
      <header className="reshoot-head">
        <h2 data-source={source}>Re-shoot plan, {plural(plan.positions.length, 'position')}</h2>
        <span className="grow" />
        <Exports detail={detail} plan={plan} />
      </header>
      {[...Map.groupBy(plan.positions, ({ reason }) => reason)].map(([reason, positions]) => (
        <section key={reason}>
          <h3 data-source={source}>{reason}</h3>
          <ol>
            {positions.map((position) => (
              <PositionRow key={position.number} detail={detail} plan={plan} position={position} />
            ))}
          </ol>
        </section>
      ))}
      {plan.notes.map((note) => (
        <p key={note} className="soft" data-source={source}>
          {note}
        </p>
      ))}
      <p className="quiet" data-source={source}>
        {plan.rule}
      </p>
    </section>
  )
}

function PositionRow({
  detail,
  plan,
  position,
}: {
  readonly detail: CaptureDetail
  readonly plan: ReshootPlan
  readonly position: ReshootPosition
}) {
  const { intents } = useDesk()
  const facts = [whereIs(position, plan.accuracyM), howTo(position)].filter((part) => part !== '').join('; ')
  const [first = null] = position.near
  return (
    <li className="finding" data-source={source}>
      <span className="waypoint-number">{position.number}</span>
      <span className="grow">
        {sentence(position.words)}
        {facts !== '' && <span className="quiet num">{facts}</span>}
      </span>
      <Button small tone="quiet" onClick={() => intents.look(detail.captureId, { photo: first, picked: [...position.near] })}>
        Show photos
      </Button>
    </li>
  )
}

function Exports({ detail, plan }: { readonly detail: CaptureDetail; readonly plan: ReshootPlan }) {
  const { intents } = useDesk()
  const unplaced = plan.positions.every(({ at }) => at === null) ? 'No GPS in these photos: the positions are in words only.' : undefined
  const save = (kind: string, type: string, text: string) => downloadText(`${detail.name} re-shoot plan.${kind}`, type, text)
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(planText(plan))
      intents.tell(`Copied ${plural(plan.positions.length, 'position')} as text.`)
    } catch {
      intents.tell('The clipboard is closed to this window: the file has the same text.')
      save('txt', 'text/plain', planText(plan))
    }
  }
  return (
    <div className="row">
      <Button small icon={ClipboardCopy} onClick={() => void copy()}>
        Copy for pilot
      </Button>
      <Button
        small
        icon={Download}
        disabled={unplaced !== undefined}
        title={unplaced}
        onClick={() => save('kml', 'application/vnd.google-earth.kml+xml', toKml(plan, detail.name))}
      >
        KML
      </Button>
      <Button small icon={Download} disabled={unplaced !== undefined} title={unplaced} onClick={() => save('csv', 'text/csv', toCsv(plan))}>
        CSV
      </Button>
      <Button
        small
        icon={Download}
        disabled={unplaced !== undefined}
        title={unplaced}
        onClick={() => save('gpx', 'application/gpx+xml', toGpx(plan, detail.name))}
      >
        GPX
      </Button>
    </div>
  )
}
