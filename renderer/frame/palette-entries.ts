import type { Intents } from '../desk.ts'
import { plural } from '../format.ts'
import { fuzzyPick } from '../fuzzy.ts'
import { type MirrorState, valueOf } from '../mirror-state.ts'
import { captureOf } from '../place.ts'
import { type Command, commandsOf } from './commands.ts'

/** A line of the palette: a command, a capture, or a photo of the open capture. */
export type Entry = Command & { readonly kind: 'command' | 'capture' | 'photo'; readonly note: string | null }

/** How many lines are drawn; who wants more types a letter more. */
const mostLines = 60

/** What fits a query, best first. Photos are listed once something is typed. */
export function entriesFor(query: string, state: MirrorState, intents: Intents): readonly Entry[] {
  const commands = commandsOf(state, intents).map((one) => ({ ...one, kind: 'command' as const, note: null }))
  const typed = query.trim() !== ''
  const all = [...commands, ...captureEntries(state, intents), ...(typed ? photoEntries(state, intents) : [])]
  return fuzzyPick(query, all, (one) => one.words).slice(0, mostLines)
}

function captureEntries(state: MirrorState, { go }: Intents): readonly Entry[] {
  return [...(valueOf(state.captures)?.values() ?? [])].map(({ captureId, name, photoCount }) => ({
    id: captureId,
    kind: 'capture',
    words: name,
    note: plural(photoCount, 'photo'),
    why: null,
    act: () => go({ room: 'capture', captureId }),
  }))
}

function photoEntries(state: MirrorState, intents: Intents): readonly Entry[] {
  const detail = valueOf(state.details.get(captureOf(state.place) ?? ''))
  if (!detail) return []
  const { captureId } = detail
  const out = new Set(detail.leftOut)
  return detail.photos.map(({ file }) => ({
    id: `photo ${file}`,
    kind: 'photo',
    words: file,
    note: out.has(file) ? 'left out' : 'photo',
    why: null,
    act: () => {
      // A filter must not hide what was asked for by name.
      intents.look(captureId, { photo: file, picked: [file], chips: [], text: '' })
      intents.go({ room: 'capture', captureId })
    },
  }))
}
