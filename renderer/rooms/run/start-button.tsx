import { Play } from 'lucide-react'
import { useState } from 'react'
import type { RunSettings } from '../../../core/run/settings.ts'
import { useDesk, useMirror } from '../../desk.ts'
import { quoteKey } from '../../intents/quotes.ts'
import { Button } from '../../parts/button.tsx'
import { Modal } from '../../parts/modal.tsx'
import { basisWords, capProblem, dollars, startWords } from './money.ts'

type Props = { readonly settings: RunSettings; readonly captureId: string; readonly blocked: string | undefined }

/** The room's primary button. Where it spends, the sum is on it, and the first time in a session it asks once. */
export function StartButton({ settings, captureId, blocked }: Props) {
  const { intents } = useDesk()
  const busy = useMirror((state) => state.busy.has('start'))
  const hasSpent = useMirror((state) => state.hasSpent)
  const quote = useMirror((state) => state.quotes.get(quoteKey(captureId, settings)))
  const [asking, setAsking] = useState(false)
  const isLocal = settings.where === 'local'
  const wrongCap = quote ? capProblem(quote, settings.capUsd) : null
  const waits = isLocal ? undefined : quote ? (wrongCap ?? undefined) : 'The quote is being made.'
  const why = blocked ?? waits
  const start = () => {
    setAsking(false)
    void intents.start(captureId, settings)
  }
  const words = isLocal ? 'Run on this machine, free' : quote ? startWords(quote, settings.capUsd) : 'Start'
  return (
    <>
      <Button
        tone="primary"
        icon={Play}
        className="button-large"
        disabled={busy || why !== undefined}
        title={why}
        onClick={isLocal || hasSpent ? start : () => setAsking(true)}
      >
        {words}
      </Button>
      {quote && (
        <Modal
          open={asking}
          title={`Spend money in ${settings.where}?`}
          onClose={() => setAsking(false)}
          foot={
            <>
              <Button tone="quiet" onClick={() => setAsking(false)}>
                Not now
              </Button>
              <span className="grow" />
              <Button tone="primary" icon={Play} onClick={start}>
                {words}
              </Button>
            </>
          }
        >
          <p data-source="runs.quote">{basisWords(quote)}</p>
          <p className="soft">
            {settings.capUsd === null
              ? 'There is no cap: only the account’s own longest runtimes end it.'
              : `The account ends each stage’s job at its share of ${dollars(settings.capUsd)}.`}{' '}
            Photos are sent and verified first; until then nothing is rented. This is asked once a session.
          </p>
        </Modal>
      )}
    </>
  )
}
