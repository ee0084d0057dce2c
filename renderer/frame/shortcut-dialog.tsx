import { useDesk, useMirror } from '../desk.ts'
import { Kbd } from '../parts/kbd.tsx'
import { Modal } from '../parts/modal.tsx'
import { globalKeys } from './shortcuts.ts'

const roomKeys: readonly (readonly [string, string])[] = [
  ['Arrows', 'Photos: move; Shift extends'],
  ['X', 'Photos: leave out or include'],
  ['N', 'Photos: next photo with a finding'],
  ['O', 'Scene: orbit'],
  ['V', 'Scene: fly, then W A S D, Q E, Shift for fast'],
  ['F', 'Scene: frame all'],
  ['R', 'Scene: first view'],
  ['C', 'Scene: photo cameras'],
  [', .', 'Scene: previous, next photo camera'],
  ['Space', 'Scene: flip photo and splat'],
]

/** The list of keys. */
export function ShortcutDialog() {
  const open = useMirror((state) => state.dialog === 'shortcuts')
  const { intents } = useDesk()
  return (
    <Modal open={open} title="Keys" onClose={intents.closeDialog}>
      <ul className="keys">
        {[...globalKeys, ...roomKeys].map(([keys, what]) => (
          <li key={keys}>
            <span className="grow">{what}</span>
            <Kbd keys={keys} />
          </li>
        ))}
      </ul>
    </Modal>
  )
}
