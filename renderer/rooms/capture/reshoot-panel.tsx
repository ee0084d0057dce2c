import '../../styles/capture-reshoot.css'
import { RotateCcw } from 'lucide-react'
import type { Judged } from '../../../core/overlap/reshoot-judge.ts'
import type { ReshootPlace } from '../../../core/overlap/reshoot-plan.ts'
import { useDesk } from '../../desk.ts'
import { day, plural } from '../../format.ts'
import type { CaptureDetail } from '../../mirror-state.ts'
import { Button } from '../../parts/button.tsx'
import { StateGlyph } from '../../parts/state-glyph.tsx'
import { useNow } from '../../parts/use-clock.ts'
import { ReshootExports } from './reshoot-exports.tsx'
import { ReshootRow } from './reshoot-row.tsx'
import type { Lens } from './use-capture.ts'

const source = 'core/overlap reshoot'

type Props = { readonly detail: CaptureDetail; readonly lens: Lens }

/** What to photograph so that groups join, bridges hold and holes close; what of it was left out and closed since; and the rest as files for the flight. */
export function ReshootPanel({ detail, lens }: Props) {
  const { whole, judged } = lens.reshoot
  return (
    <section className="findings reshoot scroll" aria-label="Re-shoot plan">
      <Head detail={detail} lens={lens} />
      {whole.places.map((place) => (
        <section key={place.number}>
          <h3 data-source={source}>{place.reason}</h3>
          {judged && <Outcome judged={judged} place={place} />}
          <ol>
            {whole.positions
              .filter(({ closes }) => closes === place.number)
              .map((position) => (
                <ReshootRow key={position.number} detail={detail} lens={lens} position={position} />
              ))}
          </ol>
        </section>
      ))}
      {whole.notes.map((note) => (
        <p key={note} className="soft" data-source={source}>
          {note}
        </p>
      ))}
      <p className="quiet" data-source={source}>
        {whole.rule}
      </p>
    </section>
  )
}

function Head({ detail, lens }: Props) {
  const { intents } = useDesk()
  const { kept, whole, judged } = lens.reshoot
  const now = useNow()
  const closed = judged?.filter(({ state }) => state === 'closed').length
  const ofPlaces = closed === undefined ? '' : `, ${closed} of ${plural(whole.places.length, 'place')} closed`
  return (
    <header className="reshoot-head">
      <h2 data-source={source}>
        Re-shoot plan, {plural(lens.plan.positions.length, 'position')}
        {ofPlaces}
      </h2>
      {kept && (
        <span className="quiet" data-source="captures.keepPlan">
          kept {day(kept.keptAt, now)}
        </span>
      )}
      <span className="grow" />
      {kept && (
        <Button
          small
          tone="quiet"
          icon={RotateCcw}
          title="The plan of the last check takes the place of this one and of what was closed of it; undo brings it back"
          onClick={() => void intents.dropPlan(detail.captureId)}
        >
          Plan anew
        </Button>
      )}
      <ReshootExports detail={detail} lens={lens} />
    </header>
  )
}

const glyphs = { closed: 'done', open: 'risky', unknown: 'unknown' } as const

/** What the check of the photos that came since says of a place. */
function Outcome({ judged, place }: { readonly judged: readonly Judged[]; readonly place: ReshootPlace }) {
  const found = judged.find((each) => each.place === place.number)
  if (!found) return null
  return (
    <p className="row reshoot-outcome" data-source="core/overlap reshoot-judge">
      <StateGlyph state={glyphs[found.state]} />
      {found.words}
    </p>
  )
}
