import type { Evidence } from './evidence.ts'
import type { Finding } from './finding.ts'
import type { Photo } from './photo.ts'
import { photos } from './words.ts'

// Structure from motion needs three views of a point to believe it.
export const fewestPhotos = 3
// Below, every photo is a bridge: one that fails takes the others with it.
const fewPhotos = 8

/** Too few, or taken on different days. `usable`: photos that the run would get. */
export function captureFindings(evidence: readonly Evidence[], usable: number): readonly Finding[] {
  return [...count(evidence.length, usable), ...sessions(evidence.map(({ photo }) => photo))]
}

function count(all: number, usable: number): readonly Finding[] {
  if (all === 0)
    return [{ code: 'capture/empty', severity: 'error', what: 'No photos in this folder.', remedy: 'Drop a folder of photos.', files: [] }]
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

// Two hours move the sun by 30 degrees: shadows no longer match.
const sessionGapMs = 2 * 3_600_000
// A single photo from another hour is an odd date, not a session.
const sessionPhotos = 2
const sessionMost = 12

function sessions(all: readonly Photo[]): readonly Finding[] {
  const times = all
    .map(({ takenAt }) => Date.parse(`${takenAt}Z`))
    .filter((time) => !Number.isNaN(time))
    .sort((a, b) => a - b)
  const parts: number[][] = []
  for (const time of times) {
    const last = parts.at(-1)
    if (last && time - (last.at(-1) as number) <= sessionGapMs) last.push(time)
    else parts.push([time])
  }
  const real = parts.filter((part) => part.length >= sessionPhotos)
  if (real.length < 2) return []
  const when = real
    .slice(0, sessionMost)
    .map((part) => `${new Date(part[0] as number).toISOString().slice(0, 16).replace('T', ' ')} (${part.length})`)
  return [
    {
      code: 'capture/sessions',
      severity: 'warning',
      what: `${real.length} sessions, hours apart: ${when.join(', ')}.`,
      remedy: 'Light and shadows change between them: take one session for a run, or check that the islands hang together.',
      files: [],
    },
  ]
}
