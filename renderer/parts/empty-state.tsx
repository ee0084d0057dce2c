import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

/** A room or pane with nothing in it: says what belongs there and holds the one next step. */
export function EmptyState({
  icon: Icon,
  title,
  children,
  actions,
}: {
  readonly icon: LucideIcon
  readonly title: string
  readonly children?: ReactNode
  readonly actions?: ReactNode
}) {
  return (
    <div className="empty-state">
      <span className="empty-icon">
        <Icon size={24} strokeWidth={1.5} aria-hidden />
      </span>
      <h2>{title}</h2>
      {children && <p className="soft">{children}</p>}
      {actions && <div className="row">{actions}</div>}
    </div>
  )
}
