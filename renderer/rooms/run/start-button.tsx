import { Play } from 'lucide-react'
import { useState } from 'react'
import type { DoctorRow } from '../../../core/doctor.ts'
import type { RunSettings } from '../../../core/run/settings.ts'
import { useDesk, useMirror } from '../../desk.ts'
import { quoteKey } from '../../intents/quotes.ts'
import { Button } from '../../parts/button.tsx'
import { Modal } from '../../parts/modal.tsx'
import { StartCheck } from './start-check.tsx'
import { basisWords, capProblem, dollars, startWords } from './money.ts'

type Props = { readonly settings: RunSettings; readonly captureId: string; readonly blocked: string | undefined }

/** The room's primary button. Where it spends, the sum is on it, and the first time in a session it asks once. */
export function StartButton({ settings, captureId, blocked }: Props) {
  const { intents } = useDesk()
  const checking = useMirror((state) => state.busy.has(`target ${settings.where}`))
  const busy = useMirror((state) => state.busy.has('start')) || checking
  const hasSpent = useMirror((state) => state.hasSpent)
  const quote = useMirror((state) => state.quotes.get(quoteKey(captureId, settings)))
  const [asking, setAsking] = useState(false)
  const [blocks, setBlocks] = useState<readonly DoctorRow[]>([])
  const isLocal = settings.where === 'local'
  const wrongCap = quote ? capProblem(quote, settings.capUsd) : null
  const waits = isLocal ? undefined : quote ? (wrongCap ?? undefined) : 'The quote is being made.'
  const why = blocked ?? waits
  const start = () => {
    setAsking(false)
    void intents.start(captureId, settings)
  }
  /** What an account lacks is told before anything is sent to it; what could not be asked blocks nothing. */
  const check = async () => {
    const rows = await intents.testTarget(settings.where)
    const found = rows?.filter(({ state }) => state === 'blocks') ?? []
    setBlocks(found)
    if (rows === undefined || found.length > 0) return
    if (hasSpent) start()
    else setAsking(true)
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
        onClick={isLocal ? start : () => void check()}
      >
        {checking ? `Asking ${settings.where}` : words}
      </Button>
      <StartCheck where={settings.where} blocks={blocks} onAgain={() => void check()} onClose={() => setBlocks([])} />
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
