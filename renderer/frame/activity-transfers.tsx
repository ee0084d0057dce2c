import type { TransferSummary } from '../../core/transfer/cloud-target.ts'
import { CountBar } from '../parts/count-bar.tsx'
import { StateGlyph } from '../parts/state-glyph.tsx'
import { useClock } from '../parts/use-clock.ts'
import { hashOf } from '../place.ts'
import { TransferButtons } from '../rooms/run/photos-sent.tsx'
import { isUnderWay, transferWord } from '../rooms/run/transfer-words.ts'
import { shownRate } from '../../core/transfer/rate.ts'
import { bytes } from '../format.ts'

/** The transfers that are under way or wait for something. */
export function liveTransfers(transfers: ReadonlyMap<string, TransferSummary>): readonly TransferSummary[] {
  return [...transfers.values()].filter(({ ledger }) => isUnderWay(ledger))
}

/** One transfer in Activity: its bar, its rate, pause and stop. */
export function TransferLine({ transfer }: { readonly transfer: TransferSummary }) {
  const { ledger, captureId, captureName, target } = transfer
  const now = useClock(ledger.state === 'moving')
  const rate = ledger.state === 'moving' ? shownRate(ledger.samples, now) : null
  const { glyph, word } = transferWord(ledger, target)
  return (
    <div className="activity-line">
      <div className="row">
        <StateGlyph state={glyph} />
        <a className="grow clip" href={hashOf({ room: 'run', captureId, runId: null })}>
          {captureName} to {target}
        </a>
      </div>
      <CountBar done={ledger.bytes.verified} total={ledger.bytes.total} label={`Photos of ${captureName} verified`} />
      <span className="quiet" data-source="transfer ledger">
        {word}
        {rate === null ? '' : `, ${bytes(rate)}/s`}
      </span>
      <div className="row">
        <TransferButtons transfer={transfer} />
      </div>
    </div>
  )
}
