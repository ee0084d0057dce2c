import type { ReactNode } from 'react'
import { Num } from './num.tsx'
import { type GlyphState, StateGlyph } from './state-glyph.tsx'

type Props = { readonly state?: GlyphState; readonly count?: number; readonly source?: string; readonly on: boolean; readonly onToggle: () => void; readonly children: ReactNode; readonly title?: string }

/** A filter that is on or off, with how many it would leave. */
export function Chip({ state, count, source = '', on, onToggle, children, title }: Props) {
  return (
    <button type="button" className="chip" aria-pressed={on} onClick={onToggle} title={title}>
      {state && <StateGlyph state={state} />}
      {count !== undefined && (
        <b>
          <Num value={count.toLocaleString('en-GB')} source={source} />
        </b>
      )}
      {children}
    </button>
  )
}

/** A small word with a tint, on tiles and beside titles. */
export function Badge({ tone, state, children }: { readonly tone: 'ok' | 'warn' | 'bad' | 'info' | 'idle'; readonly state?: GlyphState; readonly children: ReactNode }) {
  return (
    <span className={`badge badge-${tone}`}>
      {state && <StateGlyph state={state} size={14} />}
      {children}
    </span>
  )
}
