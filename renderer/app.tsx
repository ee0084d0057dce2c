import { Sidebar } from './frame/sidebar.tsx'
import { TopBar } from './frame/top-bar.tsx'
import { Notices } from './frame/notices.tsx'
import { DropVeil } from './frame/drop-veil.tsx'
import { Dialogs } from './frame/dialogs.tsx'
import { useShortcuts } from './frame/shortcuts.ts'
import { Room } from './room.tsx'

/** The window: connects the frame and the open room. */
export function App() {
  useShortcuts()
  return (
    <DropVeil>
      <TopBar />
      <Sidebar />
      <main className="room" id="room">
        <Notices />
        <Room />
      </main>
      <Dialogs />
    </DropVeil>
  )
}
