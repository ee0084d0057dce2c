import { useDesk, useMirror } from '../desk.ts'
import { Kbd } from '../parts/kbd.tsx'
import { Modal } from '../parts/modal.tsx'
import type { Place } from '../place.ts'
import { globalKeys, type KeyWords } from './shortcuts.ts'

type Group = { readonly room: Place['room'] | null; readonly title: string; readonly keys: readonly KeyWords[] }

const groups: readonly Group[] = [
  { room: null, title: 'Everywhere', keys: globalKeys },
  {
    room: 'capture',
    title: 'Photos',
    keys: [
      ['Arrows', 'Move; Shift extends'],
      ['Ctrl A', 'Choose all'],
      ['X', 'Leave out or include'],
      ['N', 'Next photo with a finding'],
    ],
  },
  { room: 'run', title: 'Run', keys: [['Ctrl .', 'Stop']] },
  {
    room: 'scene',
    title: 'Scene',
    keys: [
      ['O', 'Orbit'],
      ['V', 'Fly, then W A S D, Q E, Shift for fast'],
      ['F', 'Frame all'],
      ['R', 'First view'],
      ['C', 'Photo cameras'],
      [', .', 'Previous, next photo camera'],
      ['Space', 'Flip photo and splat'],
      ['Arrows', 'Turn by 5 degrees'],
    ],
  },
]

/** The list of keys, those of the open room first. */
export function ShortcutDialog() {
  const open = useMirror((state) => state.dialog === 'shortcuts')
  const room = useMirror((state) => state.place.room)
  const { intents } = useDesk()
  const order = groups.toSorted((a, b) => Number(b.room === room) - Number(a.room === room))
  return (
    <Modal open={open} title="Keys" onClose={intents.closeDialog}>
      {order.map(({ title, keys }) => (
        <section key={title} className="keys-group">
          <h3>{title}</h3>
          <ul className="keys">
            {keys.map(([press, what]) => (
              <li key={press}>
                <span className="grow">{what}</span>
                <Kbd keys={press} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </Modal>
  )
}
