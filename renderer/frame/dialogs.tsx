import { lazy, Suspense } from 'react'
import { useMirror } from '../desk.ts'
import { FolderDialog } from './folder-dialog.tsx'
import { ShortcutDialog } from './shortcut-dialog.tsx'

const Palette = lazy(async () => ({ default: (await import('./palette.tsx')).Palette }))
const RenameDialog = lazy(async () => ({ default: (await import('./rename-dialog.tsx')).RenameDialog }))

/** The dialogs that belong to no room. The seldom ones are fetched when they are wanted. */
export function Dialogs() {
  const dialog = useMirror((state) => state.dialog)
  return (
    <>
      <FolderDialog />
      <ShortcutDialog />
      <Suspense fallback={null}>
        {dialog === 'palette' && <Palette />}
        {dialog === 'rename' && <RenameDialog />}
      </Suspense>
    </>
  )
}
