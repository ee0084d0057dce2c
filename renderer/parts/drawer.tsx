import { X } from 'lucide-react'
import { type ReactNode, useEffect, useSyncExternalStore } from 'react'
import { IconButton } from './button.tsx'

/** Below this width the inspector lies over the room instead of beside it (shared/screens.md section 1). */
const narrow = '(width < 1280px)'

/** Whether the window is too narrow for a room and its inspector side by side. */
export function useNarrow(): boolean {
  return useSyncExternalStore(
    (hear) => {
      const query = window.matchMedia(narrow)
      query.addEventListener('change', hear)
      return () => query.removeEventListener('change', hear)
    },
    () => window.matchMedia(narrow).matches,
  )
}

/** What lies over the right of a room in a narrow window. It takes no focus: the keys stay with what was chosen. Esc closes it. */
export function Drawer({
  label,
  onClose,
  children,
}: {
  readonly label: string
  readonly onClose: () => void
  readonly children: ReactNode
}) {
  useEffect(() => {
    const close = (event: KeyboardEvent) => {
      // A dialog above it has the key first.
      if (event.key !== 'Escape' || document.querySelector('[role=dialog]')) return
      event.stopPropagation()
      onClose()
    }
    window.addEventListener('keydown', close, true)
    return () => window.removeEventListener('keydown', close, true)
  }, [onClose])
  return (
    <div className="drawer">
      <IconButton label={`Close ${label}`} keys="Esc" icon={X} className="drawer-close" onClick={onClose} />
      {children}
    </div>
  )
}
