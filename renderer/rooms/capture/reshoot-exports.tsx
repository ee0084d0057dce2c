import { ClipboardCopy, Download } from 'lucide-react'
import { toCsv } from '../../../core/overlap/reshoot-csv.ts'
import { toGpx } from '../../../core/overlap/reshoot-gpx.ts'
import { toKml } from '../../../core/overlap/reshoot-kml.ts'
import type { ReshootPlan } from '../../../core/overlap/reshoot-plan.ts'
import { planText } from '../../../core/overlap/reshoot-words.ts'
import { useDesk } from '../../desk.ts'
import { plural } from '../../format.ts'
import type { CaptureDetail } from '../../mirror-state.ts'
import { Button } from '../../parts/button.tsx'
import { downloadText } from './download-text.ts'
import type { Lens } from './use-capture.ts'

type Format = { readonly kind: 'kml' | 'csv' | 'gpx'; readonly type: string; readonly text: (plan: ReshootPlan, title: string) => string }

const formats: readonly Format[] = [
  { kind: 'kml', type: 'application/vnd.google-earth.kml+xml', text: toKml },
  { kind: 'csv', type: 'text/csv', text: toCsv },
  { kind: 'gpx', type: 'application/gpx+xml', text: toGpx },
]

/** What is still to be photographed, as text and as files. A plan that was taken along is kept: it is the one that a later check is asked about. */
export function ReshootExports({ detail, lens }: { readonly detail: CaptureDetail; readonly lens: Lens }) {
  const { intents } = useDesk()
  const { plan, reshoot } = lens
  const none = plan.positions.length === 0 ? 'No position is left to be photographed.' : undefined
  const unplaced = plan.positions.every(({ at }) => at === null) ? 'No GPS in these photos: the positions are in words only.' : undefined
  const keep = () => (reshoot.kept ? undefined : void intents.keepPlan(detail.captureId, []))
  const save = (kind: string, type: string, text: string) => {
    downloadText(`${detail.name} re-shoot plan.${kind}`, type, text)
    keep()
  }
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(planText(plan))
      intents.tell(`Copied ${plural(plan.positions.length, 'position')} as text.`)
      keep()
    } catch {
      intents.tell('The clipboard is closed to this window: the file has the same text.')
      save('txt', 'text/plain', planText(plan))
    }
  }
  return (
    <div className="row">
      <Button small icon={ClipboardCopy} disabled={none !== undefined} title={none} onClick={() => void copy()}>
        Copy for pilot
      </Button>
      {formats.map(({ kind, type, text }) => (
        <Button
          key={kind}
          small
          icon={Download}
          disabled={unplaced !== undefined}
          title={none ?? unplaced}
          onClick={() => save(kind, type, text(plan, detail.name))}
        >
          {kind.toUpperCase()}
        </Button>
      ))}
    </div>
  )
}
