import type { ReshootPosition } from '../../../core/overlap/reshoot-plan.ts'
import { howTo, nameOf, sentence, whereIs } from '../../../core/overlap/reshoot-words.ts'
import { useDesk } from '../../desk.ts'
import type { CaptureDetail } from '../../mirror-state.ts'
import { Button } from '../../parts/button.tsx'
import type { Lens } from './use-capture.ts'

type Props = { readonly detail: CaptureDetail; readonly lens: Lens; readonly position: ReshootPosition }

/** One position of the plan: in it or left out, where, how, and the photos around it. */
export function ReshootRow({ detail, lens, position }: Props) {
  const { intents } = useDesk()
  const { kept, whole } = lens.reshoot
  const out = kept?.without.includes(position.number) ?? false
  const facts = [whereIs(position, whole.accuracyM), howTo(position)].filter((part) => part !== '').join('; ')
  const [first = null] = position.near
  const turn = () => {
    const others = (kept?.without ?? []).filter((number) => number !== position.number)
    void intents.keepPlan(detail.captureId, out ? others : [...others, position.number])
  }
  return (
    <li className={`finding ${out ? 'reshoot-out' : ''}`} data-source="core/overlap reshoot">
      <label className="reshoot-tick">
        <input type="checkbox" aria-label={`${nameOf(position)} in the plan`} checked={!out} onChange={turn} />
      </label>
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
