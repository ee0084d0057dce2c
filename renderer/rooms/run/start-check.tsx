import type { DoctorRow } from '../../../core/doctor.ts'
import { useDesk } from '../../desk.ts'
import { Button } from '../../parts/button.tsx'
import { Modal } from '../../parts/modal.tsx'
import { CheckRow } from '../settings/machine.tsx'
import { RequestQuota } from '../settings/request-quota.tsx'

type Props = {
  readonly where: string
  /** The checks of the account that a run would fail for; empty: nothing is shown. */
  readonly blocks: readonly DoctorRow[]
  readonly onAgain: () => void
  readonly onClose: () => void
}

/** Why a run cannot start in an account, before a photo is sent or a machine rented; each with what to do, and a button where one does it. */
export function StartCheck({ where, blocks, onAgain, onClose }: Props) {
  const { intents } = useDesk()
  return (
    <Modal
      open={blocks.length > 0}
      title={`${where} cannot run this yet`}
      onClose={onClose}
      foot={
        <>
          <Button tone="quiet" onClick={() => intents.go({ room: 'settings', section: 'accounts' })}>
            Open the account’s settings
          </Button>
          <span className="grow" />
          <Button tone="primary" onClick={onAgain}>
            Check again
          </Button>
        </>
      }
    >
      <ul className="settings-rows" aria-label={`What ${where} lacks`}>
        {blocks.map((row) => (
          <CheckRow key={row.check} row={row}>
            {row.quota !== undefined && <RequestQuota name={where} quota={row.quota} />}
          </CheckRow>
        ))}
      </ul>
      <p className="soft">Nothing was sent and nothing is rented.</p>
    </Modal>
  )
}
