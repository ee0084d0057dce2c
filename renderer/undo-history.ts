/** What can be done to a capture and taken back. Data, so that doing and undoing are the same act. */
export type Deed =
  | { readonly kind: 'use'; readonly files: readonly string[]; readonly use: boolean }
  | { readonly kind: 'rename'; readonly name: string }
  /** The re-shoot plan that was kept at that time is worked with; null: that of the last check. */
  | { readonly kind: 'plan'; readonly keptAt: string | null }

/** Something that was done, in words that an undo can name. */
export type Step = { readonly words: string; readonly did: Deed; readonly back: Deed }

/** The steps of one capture: `past` newest last, `future` next to redo last. */
export type History = { readonly past: readonly Step[]; readonly future: readonly Step[] }

export const noHistory: History = { past: [], future: [] }

/** How many steps are remembered (shared/screens.md section 1). */
const depth = 100

/** The history after a new step; what was undone before it can no longer be redone. */
export function recorded(history: History, step: Step): History {
  return { past: [...history.past, step].slice(-depth), future: [] }
}

/** The step to take back and the history after it; null where there is none. */
export function undone({ past, future }: History): { readonly step: Step; readonly history: History } | null {
  const step = past.at(-1)
  return step ? { step, history: { past: past.slice(0, -1), future: [...future, step] } } : null
}

/** The step to do again and the history after it; null where there is none. */
export function redone({ past, future }: History): { readonly step: Step; readonly history: History } | null {
  const step = future.at(-1)
  return step ? { step, history: { past: [...past, step], future: future.slice(0, -1) } } : null
}
