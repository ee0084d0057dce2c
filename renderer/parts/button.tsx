import type { LucideIcon } from 'lucide-react'
import type { ButtonHTMLAttributes, ReactNode } from 'react'
import { Kbd } from './kbd.tsx'

type Props = ButtonHTMLAttributes<HTMLButtonElement> & {
  /** `primary`: the one honest next step of a view. */
  readonly tone?: 'primary' | 'plain' | 'quiet' | 'danger' | 'link'
  readonly small?: boolean
  readonly icon?: LucideIcon | undefined
  readonly after?: ReactNode
  readonly keys?: string
}

/** A button with words on it. */
export function Button({ tone = 'plain', small = false, icon: Icon, after, keys, children, className = '', ...rest }: Props) {
  return (
    <button type="button" className={`button button-${tone} ${small ? 'button-small' : ''} ${className}`} {...rest}>
      {Icon && <Icon size={16} strokeWidth={1.75} aria-hidden />}
      {children}
      {after}
      {keys && <Kbd keys={keys} />}
    </button>
  )
}

/** A button that is a picture only; its name is read aloud and shown on hover. */
export function IconButton({
  label,
  icon: Icon,
  pressed,
  keys,
  className = '',
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & {
  readonly label: string
  readonly icon: LucideIcon
  readonly pressed?: boolean
  readonly keys?: string
}) {
  return (
    <button
      type="button"
      className={`icon-button ${className}`}
      aria-label={label}
      title={keys ? `${label} (${keys})` : label}
      aria-pressed={pressed}
      {...rest}
    >
      <Icon size={16} strokeWidth={1.75} aria-hidden />
    </button>
  )
}
