import { keyGroups } from '../../frame/key-groups.ts'
import { KeyList } from '../../frame/key-list.tsx'

/** Every key of the window. On a Mac, Cmd stands for Ctrl. */
export function Keyboard() {
  return (
    <>
      <p className="soft">Single keys act only inside the focused grid, map or stage. On a Mac, Cmd stands for Ctrl.</p>
      <div className="settings-keys">
        {keyGroups.map(({ title, keys }) => (
          <KeyList level={2} key={title} title={title} keys={keys} />
        ))}
      </div>
    </>
  )
}
