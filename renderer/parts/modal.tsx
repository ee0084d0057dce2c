import { Dialog } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import type { ReactNode, RefObject } from 'react'
import { IconButton } from './button.tsx'

type Props = {
  readonly open: boolean
  readonly title: string
  readonly wide?: boolean
  readonly onClose: () => void
  readonly children: ReactNode
  readonly foot?: ReactNode
  /** What has the focus when it opens; else the first thing that can. */
  readonly first?: RefObject<HTMLElement | null>
}

/** A dialog; focus returns to what opened it. */
export function Modal({ open, title, wide = false, onClose, children, foot, first }: Props) {
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="modal-backdrop" />
        <Dialog.Popup className={`modal ${wide ? 'modal-wide' : ''}`} {...(first ? { initialFocus: first } : {})}>
          <header className="modal-head">
            <Dialog.Title className="grow">{title}</Dialog.Title>
            <Dialog.Close render={<IconButton label="Close" icon={X} />} />
          </header>
          {/* A pane that scrolls must be reachable by keyboard (axe: scrollable-region-focusable). */}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <div className="modal-body scroll" tabIndex={0}>
            {children}
          </div>
          {foot && <footer className="modal-foot">{foot}</footer>}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
