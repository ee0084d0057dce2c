import { useMirror } from '../../desk.ts'
import { count, decimal } from '../../format.ts'
import { Button } from '../../parts/button.tsx'
import { Num } from '../../parts/num.tsx'
import type { Readout } from './readout.ts'
import { lengthOf } from './ruler.ts'
import type { Stage } from './stage.ts'

/** What was measured, or what to do next. Without GPS the scene has no metres, and that is said. */
export function MeasureBar({
  stage,
  readout,
  metric,
}: {
  readonly stage: Stage | null
  readonly readout: Readout
  readonly metric: boolean
}) {
  const isImperial = useMirror((state) => state.settings?.units === 'imperial')
  const { ruler } = readout
  if (ruler === null) return null
  const length = lengthOf(ruler.points)
  const unit = !metric ? 'units' : isImperial ? 'ft' : 'm'
  return (
    <>
      <i className="measure-aim" aria-hidden />
      <div className="measure-bar stage-float" role="status">
        {length === null ? (
          <span>{ruler.missed ? 'Nothing solid there: choose another place.' : next[ruler.points.length]}</span>
        ) : (
          <>
            <b>
              <Num value={lengthWords(unit === 'ft' ? length / footM : length)} source="points picked on the splats" /> {unit}
            </b>
            <span className="soft">{metric ? 'scale from GPS; its error is not measured' : 'not metres: the scene has no scale'}</span>
          </>
        )}
        <Button small tone="quiet" onClick={() => stage?.setMeasuring(false)}>
          Done
        </Button>
      </div>
    </>
  )
}

const footM = 0.3048

const next: readonly string[] = ['Click the first end, or aim with the cross and press Enter.', 'Now the other end.']

/** Three digits: more than a pick on splats is worth nobody knows. */
function lengthWords(length: number): string {
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.max(length, 1e-6))))
  return digits === 0 ? count(length) : decimal(length, Math.min(digits, 6))
}
