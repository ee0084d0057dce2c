import type { Problem } from '../core/problem.ts'
import { type Desk, useDesk, useMirror } from './desk.ts'
import type { Remedy } from './parts/problem-card.tsx'
import { captureOf, type Place } from './place.ts'

/** The buttons that do what a Problem's remedy says. The code decides, never the text. */
export function useRemedies(problem: Problem | null): readonly Remedy[] {
  const desk = useDesk()
  const place = useMirror((state) => state.place)
  return problem ? remediesFor(problem.code, place, desk.intents) : []
}

/** The remedies of a code at a place; the last resort is the room where the cause can be seen. */
export function remediesFor(code: string, place: Place, intents: Desk['intents']): readonly Remedy[] {
  const captureId = captureOf(place)
  const family = code.split('/')[0] ?? ''
  const rescan: readonly Remedy[] =
    captureId === null ? [] : [{ label: 'Read the folder again', act: () => void intents.rescan(captureId) }]
  const choose: Remedy = { label: 'Choose another folder', act: () => void intents.chooseFolder() }
  const machine: Remedy = { label: 'Check this machine', act: () => intents.go({ room: 'settings', section: 'machine' }) }
  const library: Remedy = { label: 'Open the library', act: () => intents.go({ room: 'library' }) }
  const fresh: Remedy = { label: 'New capture', act: intents.newCapture }
  if (code === 'capture/unknown' || code === 'run/unknown') return [library, fresh]
  if (family === 'drop' || family === 'file' || family === 'folder') return [choose, ...rescan]
  if (family === 'capture' || family === 'photo' || family === 'intake') return [...rescan, choose]
  if (family === 'machine' || family === 'engine' || family === 'disk' || family === 'setup' || family === 'python')
    return [machine, library]
  if (family === 'scene') return [library]
  if (family === 'run' || family === 'stage' || family === 'sfm' || family === '3dgs' || family === 'compression') {
    return captureId === null ? [machine] : [{ label: 'Set up a run', act: () => intents.setUp(captureId) }, machine]
  }
  return captureId === null ? [library, machine] : [...rescan, library]
}
