import { useEffect } from 'react'
import { tinykeys } from 'tinykeys'
import { type Desk, useDesk } from '../desk.ts'
import { commandsOf } from './commands.ts'
import { toLandmark } from './landmarks.ts'

export type KeyWords = readonly [keys: string, what: string]

/** The keys that work everywhere, with the words of the shortcut list. */
export const globalKeys: readonly KeyWords[] = [
  ['Ctrl K', 'Commands, captures, photos by name'],
  ['Ctrl 1', 'Photos of this capture'],
  ['Ctrl 2', 'Run of this capture'],
  ['Ctrl 3', 'Scene of this capture'],
  ['Ctrl 4', 'Library'],
  ['Ctrl ,', 'Settings'],
  ['Ctrl N', 'New capture (Alt N in a browser)'],
  ['F2', 'Rename capture'],
  ['Ctrl Z', 'Undo the last change of this capture'],
  ['Ctrl Shift Z', 'Redo'],
  ['F6', 'Next part of the window; Shift F6 the one before'],
  ['Alt ←', 'Back'],
  ['Alt →', 'Forward'],
  ['?', 'This list'],
]

/** Which keys raise which command. */
const keyed: Readonly<Record<string, string>> = {
  '$mod+1': 'photos',
  '$mod+2': 'run',
  '$mod+3': 'scene',
  '$mod+4': 'library',
  '$mod+,': 'settings',
  '$mod+.': 'stop',
  '$mod+n': 'new',
  'Alt+n': 'new',
  F2: 'rename',
  'Alt+ArrowLeft': 'back',
  'Alt+ArrowRight': 'forward',
}

/** The same, but a text field keeps these keys for itself. */
const keyedOutsideText: Readonly<Record<string, string>> = {
  '$mod+z': 'undo',
  '$mod+Shift+Z': 'redo',
  '$mod+y': 'redo',
  // Where a keyboard has it without Shift, and where not.
  '?': 'keys',
  'Shift+?': 'keys',
}

/** Attaches the window's keys. */
export function useShortcuts(): void {
  const desk = useDesk()
  useEffect(() => tinykeys(window, bindings(desk)), [desk])
}

type Bindings = Record<string, (event: KeyboardEvent) => void>

function bindings({ mirror, intents }: Desk): Bindings {
  const command = (id: string) => (event: KeyboardEvent) => {
    event.preventDefault()
    const found = commandsOf(mirror.get(), intents).find((one) => one.id === id)
    if (found?.why === null) found.act()
    else if (found) intents.tell(`${found.words}: ${found.why}.`)
  }
  const palette = (event: KeyboardEvent) => {
    event.preventDefault()
    intents.showDialog('palette')
  }
  const all: Bindings = { '$mod+k': palette }
  for (const [keys, id] of Object.entries(keyed)) all[keys] = command(id)
  for (const [keys, id] of Object.entries(keyedOutsideText)) all[keys] = (event) => !isTyping(event) && command(id)(event)
  all['F6'] = (event) => walk(event, 1)
  all['Shift+F6'] = (event) => walk(event, -1)
  // Elsewhere the same letter is the stage's own.
  all['p'] = (event) => mirror.get().place.room === 'run' && !isTyping(event) && command('hold-transfer')(event)
  return all
}

function walk(event: KeyboardEvent, step: 1 | -1): void {
  event.preventDefault()
  // A dialog keeps the focus until it is closed.
  if (!document.querySelector('[role=dialog]')) toLandmark(step)
}

/** Whether the key goes into a text field. */
export function isTyping(event: { target: EventTarget | null }): boolean {
  return (
    event.target instanceof HTMLElement &&
    event.target.matches('input:not([type=range]):not([type=checkbox]), textarea, select, [contenteditable]')
  )
}
