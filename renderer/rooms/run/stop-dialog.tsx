import { Save, Square } from 'lucide-react'
import type { RunSummary } from '../../../core/run/run-summary.ts'
import { useDesk, useMirror } from '../../desk.ts'
import { count } from '../../format.ts'
import { Button } from '../../parts/button.tsx'
import { Modal } from '../../parts/modal.tsx'

/** The one dialog of the room: both outcomes of stopping, with their figures. */
export function StopDialog({ run }: { readonly run: RunSummary }) {
  const { intents } = useDesk()
  const open = useMirror((state) => state.dialog === 'stop') && (run.state.kind === 'running' || run.state.kind === 'queued')
  const onClose = intents.closeDialog
  const stop = (keep: boolean) => {
    onClose()
    void intents.stop(run.runId, keep)
  }
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
      <Outcomes run={run} />
    </Modal>
  )
}

function Outcomes({ run }: { readonly run: RunSummary }) {
  return (
    <dl className="outcomes">
      <div>
        <dt>Stop, keep what is there</dt>
        <dd className="soft" data-source="progress.jsonl">
          {keepWords(run)}
        </dd>
      </div>
      <div>
        <dt>Stop and discard</dt>
        <dd className="soft">{discardWords(run)}</dd>
      </div>
    </dl>
  )
}

/** What a stop keeps. The trainer ends where it stands, so the number is that of now and may still grow by a few. */
function keepWords({ state, settings }: RunSummary): string {
  const training = state.stages.find((one) => one.stage === '3dgs')
  const iteration = training?.kind === 'running' ? training.steps.find((one) => one.step === 'train')?.done : null
  if (iteration)
    return `Training ends where it stands (iteration ${count(iteration)} now), is compressed, and opens in Scene. It can go on from there later.`
  if (training?.kind === 'done') return 'The trained scene stays and opens in Scene. The run can go on from it later.'
  if (settings.where !== 'local')
    return training?.kind === 'running'
      ? 'Training ends where it stands; what it has reached is compressed there and brought home. The jobs until then are billed.'
      : 'Nothing is trained yet: what is finished stays in your bucket, and a new run can go on from it.'
  return 'Nothing is trained yet: the finished stages stay, and the run can go on from them later.'
}

function discardWords({ settings }: RunSummary): string {
  if (settings.where === 'local')
    return 'No scene is made. What this run has made is removed from the disk, except stages that another run works with; photos and checks stay.'
  return 'The job is ended at once and no scene is made; billing ends when SageMaker says Stopped. Photos stay in your bucket.'
}
