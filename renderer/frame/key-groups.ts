import type { Place } from '../place.ts'
import { globalKeys, type KeyWords } from './shortcuts.ts'

/** The keys of a room, or of every room. */
export type KeyGroup = { readonly room: Place['room'] | null; readonly title: string; readonly keys: readonly KeyWords[] }

/** Every key of the window, by the room in which it works. */
export const keyGroups: readonly KeyGroup[] = [
  { room: null, title: 'Everywhere', keys: globalKeys },
  {
    room: 'capture',
    title: 'Photos',
    keys: [
      ['Arrows', 'Move; Shift extends'],
      ['Ctrl A', 'Choose all'],
      ['X', 'Leave out or include'],
      ['N', 'Next photo with a finding'],
    ],
  },
  {
    room: 'run',
    title: 'Run',
    keys: [
      ['P', 'Pause or resume sending the photos'],
      ['Ctrl .', 'Stop'],
      ['[ ]', 'Earlier, later checkpoint'],
    ],
  },
  {
    room: 'scene',
    title: 'Scene',
    keys: [
      ['O', 'Orbit'],
      ['V', 'Fly, then W A S D, Q E, Shift for fast'],
      ['F', 'Frame all'],
      ['R', 'First view'],
      ['M', 'Measure; Enter picks under the cross'],
      ['C', 'Photo cameras'],
      [', .', 'Previous, next photo camera'],
      ['Space', 'Flip photo and splat'],
      ['Arrows', 'Turn by 5 degrees'],
    ],
  },
]
