import type { MirrorState } from './mirror-state.ts'
import { valueOf } from './mirror-state.ts'
import { captureOf } from './place.ts'
import { filteredRows, type LibraryRow, libraryRows } from './rooms/library/library-rows.ts'

/** The capture that commands act on: the open one, in the library the one that is chosen there. */
export function captureAtHand(state: MirrorState): string | null {
  if (state.place.room !== 'library') return captureOf(state.place)
  const captures = valueOf(state.captures)
  if (!captures) return null
  return chosenRow(filteredRows(libraryRows(captures, state.runs), state.library), state.library.chosen)?.capture.captureId ?? null
}

/** The row that the library shows as chosen: what was clicked while it is listed, else the first. */
export function chosenRow(shown: readonly LibraryRow[], chosen: string | null): LibraryRow | undefined {
  return shown.find((row) => row.capture.captureId === chosen) ?? shown[0]
}
