import { useDesk, useMirror } from '../desk.ts'
import { Modal } from '../parts/modal.tsx'
import { KeyList } from './key-list.tsx'
import { keyGroups } from './key-groups.ts'

/** The list of keys, those of the open room first. */
export function ShortcutDialog() {
  const open = useMirror((state) => state.dialog === 'shortcuts')
  const room = useMirror((state) => state.place.room)
  const { intents } = useDesk()
  const order = keyGroups.toSorted((a, b) => Number(b.room === room) - Number(a.room === room))
  return (
    <Modal open={open} title="Keys" onClose={intents.closeDialog}>
      {order.map(({ title, keys }) => (
        <KeyList key={title} title={title} keys={keys} />
      ))}
    </Modal>
  )
}
