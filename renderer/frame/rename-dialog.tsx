import { type FormEvent, useRef } from 'react'
import { captureAtHand } from '../at-hand.ts'
import { useDesk, useMirror } from '../desk.ts'
import { valueOf } from '../mirror-state.ts'
import { Button } from '../parts/button.tsx'
import { Modal } from '../parts/modal.tsx'

/** Asks for the open capture's new name. */
export function RenameDialog() {
  const { intents } = useDesk()
  const captureId = useMirror(captureAtHand) ?? ''
  const captures = valueOf(useMirror((state) => state.captures))
  const field = useRef<HTMLInputElement>(null)
  const name = captures?.get(captureId)?.name ?? ''
  const save = (event: FormEvent) => {
    event.preventDefault()
    intents.closeDialog()
    void intents.rename(captureId, field.current?.value ?? '')
  }
  return (
    <Modal
      open
      title="Rename capture"
      onClose={intents.closeDialog}
      first={field}
      foot={
        <>
          <span className="grow" />
          <Button tone="quiet" onClick={intents.closeDialog}>
            Leave as it is
          </Button>
          <Button tone="primary" type="submit" form="rename">
            Rename
          </Button>
        </>
      }
    >
      <form id="rename" onSubmit={save}>
        <label className="rename">
          Name
          <input ref={field} className="field" defaultValue={name} maxLength={200} required onFocus={(event) => event.target.select()} />
        </label>
        <p className="soft">The folder of the photos keeps its name.</p>
      </form>
    </Modal>
  )
}
