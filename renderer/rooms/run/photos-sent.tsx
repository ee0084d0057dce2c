import { Pause, Play, Upload } from 'lucide-react'
import '../../styles/photos-sent.css'
import type { TransferSummary, CloudTarget } from '../../../core/transfer/cloud-target.ts'
import { useDesk, useMirror } from '../../desk.ts'
import { plural } from '../../format.ts'
import { Button } from '../../parts/button.tsx'
import { CountBar } from '../../parts/count-bar.tsx'
import { FactTable } from '../../parts/fact-table.tsx'
import { ProblemCard, type Remedy } from '../../parts/problem-card.tsx'
import { StateGlyph } from '../../parts/state-glyph.tsx'
import { useClock } from '../../parts/use-clock.ts'
import { isUnderWay, transferFacts, transferProblem, transferSpoken, transferWord } from './transfer-words.ts'

/** The first stage of a run in an account: every photo in the bucket, proven. Absent where no account is set up. `photos`: null until the check is done. */
export function PhotosSent({ captureId, photos }: { readonly captureId: string; readonly photos: number | null }) {
  const targets = useMirror((state) => state.targets)
  const transfers = useMirror((state) => state.transfers)
  if (targets.length === 0) return null
  const of = (target: CloudTarget) => [...transfers.values()].find((one) => one.captureId === captureId && one.target === target.name)
  return (
    <section>
      <h2>Photos sent</h2>
      <ul className="stage-list photos-sent" aria-label="Photos sent">
        {targets.map((target) => (
          <TargetRow key={target.name} target={target} transfer={of(target)} captureId={captureId} photos={photos} />
        ))}
      </ul>
    </section>
  )
}

type RowProps = {
  readonly target: CloudTarget
  readonly transfer: TransferSummary | undefined
  readonly captureId: string
  readonly photos: number | null
}

function TargetRow({ target, transfer, captureId, photos }: RowProps) {
  const { intents } = useDesk()
  const busy = useMirror((state) => state.busy)
  if (transfer) return <TransferRow transfer={transfer} target={target} />
  return (
    <li className="stage-row" data-target={target.name} data-kind="waiting">
      <div className="row">
        <StateGlyph state="waiting" label="not started" />
        <h3 className="grow">{target.name}</h3>
        <Button
          small
          icon={Upload}
          disabled={busy.has(`send ${target.name}`) || !photos}
          title={photos === null ? 'What to send is known when the check is done.' : undefined}
          onClick={() => void intents.send(captureId, target.name)}
        >
          {photos === null ? 'Send the photos' : `Send ${plural(photos, 'photo')}`}
        </Button>
      </div>
      <p className="soft">
        To {target.bucket}, t/{target.tenant}/. What is there already is not sent.
      </p>
    </li>
  )
}

function TransferRow({ transfer, target }: { readonly transfer: TransferSummary; readonly target: CloudTarget }) {
  const { ledger } = transfer
  const now = useClock(ledger.state === 'moving')
  const { glyph, word } = transferWord(ledger, target.bucket)
  const told = ledger.state === 'failed' ? transferProblem(ledger) : null
  const remedies = useTransferRemedies(transfer)
  return (
    <li className="stage-row" data-target={target.name} data-kind={ledger.state}>
      <div className="row">
        <StateGlyph state={glyph} label={ledger.state} />
        <h3>{target.name}</h3>
        <span className="soft grow" data-source="transfer ledger">
          {word}
        </span>
        <TransferButtons transfer={transfer} />
      </div>
      <span className="only-read" role="status" data-source="transfer ledger">
        {transferSpoken(ledger, target.bucket)}
      </span>
      <div className="stage-body">
        <CountBar done={ledger.bytes.verified} total={ledger.bytes.total} label={`Photos verified in ${target.bucket}`} />
        {told && <ProblemCard problem={told} remedies={remedies} />}
        <FactTable end facts={transferFacts(ledger, now)} />
      </div>
    </li>
  )
}

/** Pause and going on; sending anew once all is over. */
export function TransferButtons({ transfer }: { readonly transfer: TransferSummary }) {
  const { intents } = useDesk()
  const busy = useMirror((state) => state.busy.has(`transfer ${transfer.transferId}`))
  const { transferId, ledger } = transfer
  const stop = (
    <Button small tone="quiet" disabled={busy} onClick={() => void intents.cancelTransfer(transferId)}>
      Stop
    </Button>
  )
  if (ledger.state === 'held' && ledger.heldBy !== 'offline') {
    return (
      <>
        {stop}
        <Button small icon={Play} disabled={busy} onClick={() => void intents.resumeTransfer(transferId)}>
          Resume
        </Button>
      </>
    )
  }
  if (isUnderWay(ledger)) {
    return (
      <>
        {stop}
        <Button small icon={Pause} onClick={() => void intents.pauseTransfer(transferId)}>
          Pause
        </Button>
      </>
    )
  }
  // A failed one has its one button beside what went wrong.
  if (ledger.state === 'failed') return null
  const done = ledger.state === 'done'
  return (
    <Button small tone={done ? 'quiet' : 'plain'} icon={Upload} disabled={busy} onClick={() => void intents.resumeTransfer(transferId)}>
      {done ? 'Verify again' : 'Go on'}
    </Button>
  )
}

/** The one button of each trouble; the code decides. */
function useTransferRemedies({ transferId, captureId, ledger }: TransferSummary): readonly Remedy[] {
  const { intents } = useDesk()
  const goOn = () => void intents.resumeTransfer(transferId)
  const code = ledger.problem?.code ?? ''
  if (code === 'upload/expired' || code === 'cloud/not-signed-in') return [{ label: 'Sign in and go on', act: goOn }]
  if (code === 'upload/changed' || code === 'intake/disk-gone')
    return [
      { label: 'Check it again', act: () => void intents.rescan(captureId) },
      { label: 'Go on', act: goOn },
    ]
  return [{ label: 'Go on', act: goOn }]
}
