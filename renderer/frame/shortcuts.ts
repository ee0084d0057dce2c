import { useEffect } from 'react'
import { tinykeys } from 'tinykeys'
import { newestRun } from '../capture-words.ts'
import { type Desk, useDesk } from '../desk.ts'
import { valueOf } from '../mirror-state.ts'
import { captureOf } from '../place.ts'

/** The keys that work everywhere, with the words of the shortcut list. */
export const globalKeys: readonly (readonly [string, string])[] = [
  ['Ctrl 1', 'Photos of this capture'],
  ['Ctrl 2', 'Run of this capture'],
  ['Ctrl 3', 'Scene of this capture'],
  ['Ctrl 4', 'Library'],
  ['Ctrl ,', 'Settings'],
  ['Ctrl N', 'New capture (Alt N in a browser)'],
  ['Ctrl Z', 'Undo the last change'],
  ['Alt ←', 'Back'],
  ['Alt →', 'Forward'],
  ['?', 'This list'],
]

/** Attaches the window's keys. */
export function useShortcuts(): void {
  const desk = useDesk()
  useEffect(() => tinykeys(window, bindings(desk)), [desk])
}

function bindings({ mirror, intents }: Desk): Record<string, (event: KeyboardEvent) => void> {
  const step = (room: 'capture' | 'run' | 'scene') => (event: KeyboardEvent) => {
    event.preventDefault()
    const { place, captures, runs } = mirror.get()
    const capture = valueOf(captures)?.get(captureOf(place) ?? '')
    if (!capture) return
    const { captureId } = capture
    const runId = newestRun(capture, runs)?.runId ?? null
    intents.go(
      room === 'capture' ? { room, captureId } : room === 'run' ? { room, captureId, runId } : { room, captureId, runId, path: null },
    )
  }
  const act = (intent: () => void) => (event: KeyboardEvent) => {
    event.preventDefault()
    intent()
  }
  return {
    '$mod+1': step('capture'),
    '$mod+2': step('run'),
    '$mod+3': step('scene'),
    '$mod+4': act(() => intents.go({ room: 'library' })),
    '$mod+,': act(() => intents.go({ room: 'settings', section: 'general' })),
    '$mod+n': act(intents.newCapture),
    'Alt+n': act(intents.newCapture),
    '$mod+z': (event) => !isTyping(event) && act(intents.undo)(event),
    'Alt+ArrowLeft': act(intents.back),
    'Alt+ArrowRight': act(intents.forward),
    'Shift+?': (event) => !isTyping(event) && intents.showShortcuts(),
  }
}

/** Whether the key goes into a text field. */
export function isTyping(event: { target: EventTarget | null }): boolean {
  return (
    event.target instanceof HTMLElement &&
    event.target.matches('input:not([type=range]):not([type=checkbox]), textarea, select, [contenteditable]')
  )
}
