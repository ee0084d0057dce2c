import type { ReactNode } from 'react'

/** A titled piece of the gallery. */
export function Piece({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="piece">
      <h2>{title}</h2>
      {children}
    </section>
  )
}
