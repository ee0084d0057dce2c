import { Save, Square } from 'lucide-react'
import type { RunSummary } from '../../../core/contract.ts'
import { useDesk } from '../../desk.ts'
import { count, decimal } from '../../format.ts'
import { Button } from '../../parts/button.tsx'
import { Modal } from '../../parts/modal.tsx'

/** The one dialog of the room: both outcomes of stopping, with their figures. */
export function StopDialog({ run, open, onClose }: { readonly run: RunSummary; readonly open: boolean; readonly onClose: () => void }) {
  const { intents } = useDesk()
  const stop = (keep: boolean) => {
    onClose()
    void intents.stop(run.runId, keep)
  }
  const checkpoint = run.state.checkpoints.at(-1)
  const psnr = run.state.psnr.at(-1)
  return (
    <Modal
      open={open}
      title="Stop this run?"
      onClose={onClose}
      foot={
        <>
          <Button tone="quiet" onClick={onClose}>
            Go on running
          </Button>
          <span className="grow" />
          <Button tone="danger" icon={Square} onClick={() => stop(false)}>
            Stop and discard
          </Button>
          <Button tone="primary" icon={Save} onClick={() => stop(true)}>
            Stop, keep what is there
          </Button>
        </>
      }
    >
      <dl className="outcomes">
        <div>
          <dt>Stop, keep what is there</dt>
          <dd className="soft" data-source="progress.jsonl">
            {checkpoint
              ? `Keeps iteration ${count(checkpoint.iteration)}${psnr ? ` at ${decimal(psnr.psnr, 2)} dB` : ''}, which opens in Scene. It can go on later.`
              : 'There is no checkpoint yet: the finished stages are kept, and the run can go on from them later.'}
          </dd>
        </div>
        <div>
          <dt>Stop and discard</dt>
          <dd className="soft">Removes the previews of this run. Photos and the finished stages in the cache stay.</dd>
        </div>
      </dl>
    </Modal>
  )
}
