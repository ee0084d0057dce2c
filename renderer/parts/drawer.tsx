import { PanelRight, X } from 'lucide-react'
import { type ReactNode, useCallback, useEffect, useState, useSyncExternalStore } from 'react'
import { Button, IconButton } from './button.tsx'

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

/** A room's inspector: beside it where there is room, else over it, while it is wanted. */
export function useDrawer() {
  const narrow = useNarrow()
  const [wanted, setWanted] = useState(false)
  const close = useCallback(() => setWanted(false), [])
  return { narrow, open: narrow && wanted, close, show: () => setWanted(true), toggle: () => setWanted(!wanted) }
}

export type DrawerState = ReturnType<typeof useDrawer>

/** Shows and hides a room's drawer; not there where the inspector stands beside the room. */
export function DrawerButton({ drawer }: { readonly drawer: DrawerState }) {
  if (!drawer.narrow) return null
  return (
    <Button small icon={PanelRight} aria-expanded={drawer.open} onClick={drawer.toggle}>
      Details
    </Button>
  )
}

/** The inspector where it belongs: beside the room, or in its open drawer. */
export function Beside({ drawer, children }: { readonly drawer: DrawerState; readonly children: ReactNode }) {
  if (!drawer.narrow) return children
  return drawer.open ? (
    <Drawer label="details" onClose={drawer.close}>
      {children}
    </Drawer>
  ) : null
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
