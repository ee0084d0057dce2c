import type { ReactNode } from 'react'
import { Num } from './num.tsx'
import { type GlyphState, StateGlyph } from './state-glyph.tsx'

type Props = {
  readonly state?: GlyphState
  readonly count?: number
  readonly source?: string
  readonly on: boolean
  readonly onToggle: () => void
  readonly children: ReactNode
  readonly title?: string
  readonly countLast?: boolean
}

/** A filter that is on or off, with how many it would leave. */
export function Chip({ state, count, source = '', on, onToggle, children, title, countLast = false }: Props) {
  const number = count !== undefined && (
    <b>
      <Num value={count.toLocaleString('en-GB')} source={source} />
    </b>
  )
  return (
    <button type="button" className="chip" aria-pressed={on} onClick={onToggle} title={title}>
      {state && <StateGlyph state={state} />}
      {!countLast && number}
      {children}
      {countLast && number}
    </button>
  )
}

/** A small word with a tint, on tiles and beside titles. */
export function Badge({
  tone,
  state,
  children,
}: {
  readonly tone: 'ok' | 'warn' | 'bad' | 'info' | 'idle'
  readonly state?: GlyphState
  readonly children: ReactNode
}) {
  return (
    <span className={`badge badge-${tone}`}>
      {state && <StateGlyph state={state} size={14} />}
      {children}
    </span>
  )
}
