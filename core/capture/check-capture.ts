import type { Finding } from './finding.ts'
import { heldFiles } from './held-files.ts'
import type { Skipped } from './photo.ts'
import { photos } from './words.ts'

// Structure from motion needs three views of a point to believe it.
export const fewestPhotos = 3
// Below, every photo is a bridge: one that fails takes the others with it.
const fewPhotos = 8

/** No photos, or too few. `usable`: photos that the run would get; `skipped`: the files that are none. */
export function captureFindings(all: number, usable: number, skipped: readonly Skipped[]): readonly Finding[] {
  if (all === 0) return [empty(skipped)]
  if (usable < fewestPhotos)
    return [
      {
        code: 'capture/too-few',
        severity: 'error',
        what: `${photos(usable)}. A scene needs ${fewestPhotos} or more that overlap; places usually take 20 or more.`,
        remedy: 'Add photos.',
        files: [],
      },
    ]
  if (usable < fewPhotos)
    return [
      {
        code: 'capture/too-few',
        severity: 'warning',
        what: `${photos(usable)}. Too few to judge overlap; places usually take 20 or more.`,
        remedy: 'Add photos.',
        files: [],
      },
    ]
  return []
}

function empty(skipped: readonly Skipped[]): Finding {
  const held = heldFiles(skipped)
  const what = held ? `No photos in this folder; it holds ${held.what}.` : 'No photos in this folder: it is empty.'
  return { code: 'capture/empty', severity: 'error', what, remedy: held?.remedy ?? 'Choose the folder that holds the photos.', files: [] }
}
