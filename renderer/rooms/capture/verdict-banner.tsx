import { ArrowRight, ListChecks, MapPinPlus, RotateCw, Square } from 'lucide-react'
import { useDesk, useMirror } from '../../desk.ts'
import { count, duration, plural } from '../../format.ts'
import type { CaptureDetail, CaptureView } from '../../mirror-state.ts'
import { Button } from '../../parts/button.tsx'
import { Chip } from '../../parts/chip.tsx'
import { CountBar } from '../../parts/count-bar.tsx'
import { StateGlyph } from '../../parts/state-glyph.tsx'
import { findingKinds, findingWord, severityGlyph } from './finding-words.ts'
import { headline } from './verdict-words.ts'

/** The verdict with its causes as filters, where it comes from, and the one next step. */
export function VerdictBanner({
  detail,
  view,
  positions = 0,
  isPlanned = positions > 0,
}: {
  readonly detail: CaptureDetail
  readonly view: CaptureView
  /** Still to be photographed, of the re-shoot plan. */
  readonly positions?: number
  /** There is a plan, be it one whose places are all closed. */
  readonly isPlanned?: boolean
}) {
  const said = headline(detail)
  const { scan } = detail
  return (
    <section className={`banner banner-${said.tone}`} aria-label="Verdict">
      <span className={`banner-glyph tone-${said.tone}`}>
        <StateGlyph state={said.glyph} size={22} />
      </span>
      <div className="grow banner-words">
        <h1 data-source={said.source}>
          <span role="status">{said.title}</span>
        </h1>
        {said.why && (
          <p className="soft" data-source={said.source}>
            {said.why}
          </p>
        )}
        {scan.kind === 'scanning' && <CountBar done={scan.done} total={scan.total} label={said.title} />}
        <Causes detail={detail} view={view} />
      </div>
      <div className="banner-side">
        <NextStep detail={detail} view={view} positions={positions} isPlanned={isPlanned} />
        <Provenance detail={detail} />
      </div>
    </section>
  )
}

type NextProps = { readonly detail: CaptureDetail; readonly view: CaptureView; readonly positions: number; readonly isPlanned: boolean }

/** Causes as filters, and the way to the details. */
function Causes({ detail, view }: { readonly detail: CaptureDetail; readonly view: CaptureView }) {
  const { intents } = useDesk()
  const { captureId } = detail
  const kinds = findingKinds(detail.findings)
  if (kinds.length === 0 && detail.skipped.length === 0 && detail.leftOut.length === 0) return null
  return (
    <div className="banner-chips">
      {kinds.map((kind) => (
        <Chip
          key={kind.code}
          state={severityGlyph(kind.severity)}
          count={kind.count}
          source={`finding ${kind.code}`}
          on={view.chips.includes(kind.code)}
          onToggle={() => intents.toggleChip(captureId, kind.code)}
        >
          {findingWord(kind.code)}
        </Chip>
      ))}
      {detail.leftOut.length > 0 && (
        <Chip
          count={detail.leftOut.length}
          source="captures.get leftOut"
          on={view.chips.includes('left-out')}
          onToggle={() => intents.toggleChip(captureId, 'left-out')}
        >
          left out
        </Chip>
      )}
      <DetailsButton
        skipped={detail.skipped.length}
        open={view.findingsOpen}
        onToggle={() => intents.look(captureId, { findingsOpen: !view.findingsOpen })}
      />
    </div>
  )
}

type DetailsProps = { readonly skipped: number; readonly open: boolean; readonly onToggle: () => void }

function DetailsButton({ skipped, open, onToggle }: DetailsProps) {
  const more = skipped > 0 ? `Details, ${plural(skipped, 'file')} skipped` : 'Details'
  return (
    <Button tone="link" small icon={ListChecks} aria-expanded={open} onClick={onToggle}>
      {open ? 'Hide details' : more}
    </Button>
  )
}

function NextStep(next: NextProps) {
  const { scan, verdict, photos } = next.detail
  if (scan.kind === 'scanning') return <StopScan detail={next.detail} />
  // Not read yet, or nothing to go on with: the room below says it, with its own buttons.
  if (photos.length === 0 && (scan.kind === 'idle' || scan.kind === 'done')) return null
  if (scan.kind === 'stopped' || scan.kind === 'failed' || !verdict) return <ReadAgain detail={next.detail} primary />
  return <GoOn {...next} usable={verdict.kind !== 'unusable'} />
}

function StopScan({ detail: { captureId } }: Pick<NextProps, 'detail'>) {
  const { intents } = useDesk()
  const busy = useMirror((state) => state.busy.has('stopScan'))
  return (
    <Button tone="primary" icon={Square} disabled={busy} onClick={() => void intents.stopScan(captureId)} title="Keeps what was read">
      Stop scan
    </Button>
  )
}

function ReadAgain({ detail: { captureId, scan }, primary }: Pick<NextProps, 'detail'> & { readonly primary: boolean }) {
  const { intents } = useDesk()
  const busy = useMirror((state) => state.busy.has('rescan'))
  return (
    <Button tone={primary ? 'primary' : 'plain'} icon={RotateCw} disabled={busy} onClick={() => void intents.rescan(captureId)}>
      {scan.kind === 'stopped' ? 'Go on reading' : 'Read again'}
    </Button>
  )
}

/** After the verdict: read again, re-shoot, run. The first is the way on where the photos cannot be used. */
function GoOn({ detail, view, positions, isPlanned, usable }: NextProps & { readonly usable: boolean }) {
  const { intents } = useDesk()
  const { captureId } = detail
  return (
    <div className="row">
      <ReadAgain detail={detail} primary={!usable} />
      {isPlanned && (
        <Button
          icon={MapPinPlus}
          aria-expanded={view.planOpen}
          data-source="core/overlap reshoot"
          onClick={() => intents.look(captureId, { planOpen: !view.planOpen })}
        >
          Re-shoot plan {count(positions)}
        </Button>
      )}
      <Button
        tone={usable ? 'primary' : 'plain'}
        after={<ArrowRight size={16} strokeWidth={1.75} aria-hidden />}
        onClick={() => intents.setUp(captureId)}
      >
        {usable ? 'Set up run' : 'Run anyway'}
      </Button>
    </div>
  )
}

/** How the verdict was come by: pairs, seconds, machine. */
function Provenance({ detail }: { readonly detail: CaptureDetail }) {
  const { scan, forecast } = detail
  if (scan.kind !== 'done' || !forecast) return null
  return (
    <p className="quiet provenance" data-source="forecast, scan">
      {count(forecast.pairsVerified)} of {count(forecast.pairsTried)} pairs should verify; checked on this machine in{' '}
      {duration(scan.tookMs)}
    </p>
  )
}
