import type { Evidence } from './evidence.ts'
import type { Finding } from './finding.ts'
import type { Photo } from './photo.ts'
import { rawSharpness } from './sharpness.ts'
import { groupBy, median, spreadOf } from './statistics.ts'
import { photos, verb } from './words.ts'

// In the logarithm that lies under the 0..1 scale. Photos of one capture differ by up to 1.6 without blur (another part of the
// place); 4 px of focus blur at 1024 px cost 2 to 3, 8 px of motion 3 to 4.
const dropLeast = 1.9
// Captures whose photos differ by themselves (near and far subjects) get a wider band.
const dropSpreads = 4
// Whatever the others are like: no sharp photo of the shared sets is below -17, soft or dark; 16 px of blur are.
const hopeless = -21.5

// Fewer have no distribution to be compared with.
const fewestToCompare = 5
// Against photos of other cameras and sizes: lenses differ by themselves.
const strangersFactor = 1.6

/** Photos less sharp than their own capture. Soft and dark captures are not called blurred: each is measured against its own. */
export function blurFindings(evidence: readonly Evidence[]): readonly Finding[] {
  // A frame without light or detail has no sharpness to speak of.
  const all = evidence.map(({ photo }) => photo).filter(({ meanLuma }) => meanLuma > 0.03)
  const limits = new Map([...groupBy(all, kindOf)].map(([kind, group]) => [kind, limitFor(group, all)]))
  const isBlurred = (photo: Photo): boolean => rawSharpness(photo.sharpness) < Math.max(hopeless, limits.get(kindOf(photo)) ?? hopeless)
  const blurred = all.filter(isBlurred)
  const usual = median(all.flatMap((photo) => (photo.blurContrast !== undefined && !isBlurred(photo) ? [photo.blurContrast] : [])))
  const isSoft = (photo: Photo): boolean => causeOf(photo, usual) === 'focus'
  return [
    ...moved(
      blurred.filter((photo) => !isSoft(photo)),
      usual,
    ),
    ...unfocused(blurred.filter(isSoft)),
  ]
}

// Walls and façades have a direction of their own, so it counts what a photo has beyond its capture. Measured on five scenes at three
// noises (blur of 8 to 32 px of motion, 2 to 6 of focus): focus adds at most 1.1, motion 1.6 and more without noise. Between
// the two nothing is claimed.
const motionExcess = 1.3
const focusExcess = 1.0

function causeOf({ blurContrast, blurDirectionDeg }: Photo, usual: number): 'motion' | 'focus' | 'unknown' {
  if (blurContrast === undefined || Number.isNaN(usual)) return blurDirectionDeg === null ? 'unknown' : 'motion'
  const excess = blurContrast - usual
  return excess >= motionExcess ? 'motion' : excess < focusExcess ? 'focus' : 'unknown'
}

const kindOf = ({ camera, widthPx, heightPx }: Photo): string => `${camera} ${Math.max(widthPx, heightPx)} ${Math.min(widthPx, heightPx)}`

/** A camera's photos against each other. Those that name none may be exports of the others' own: they are held to them. */
function limitFor(group: readonly Photo[], all: readonly Photo[]): number | null {
  const own = limitOf(group, 1)
  if (group[0]?.camera !== null) return own ?? limitOf(all, strangersFactor)
  const named = all.filter(({ camera }) => camera !== null)
  const theirs = limitOf(named, strangersFactor)
  if (own === null || theirs === null) return own ?? theirs ?? limitOf(all, strangersFactor)
  return Math.max(own, theirs)
}

function limitOf(group: readonly Photo[], factor: number): number | null {
  if (group.length < fewestToCompare) return null
  const raw = group.map(({ sharpness }) => rawSharpness(sharpness))
  return median(raw) - factor * Math.max(dropLeast, dropSpreads * spreadOf(raw))
}

function moved(blurred: readonly Photo[], usual: number): readonly Finding[] {
  if (blurred.length === 0) return []
  const shaken = blurred.filter((photo) => causeOf(photo, usual) === 'motion')
  const count = blurred.length
  const cause = shaken.length === count ? ' by motion' : shaken.length === 0 ? '' : `, ${shaken.length} of them by motion`
  return [
    {
      code: 'photo/blurred',
      severity: 'warning',
      what: `${photos(count)} ${verb(count, 'is', 'are')} blurred${cause}${exposures(shaken)}.`,
      remedy: 'Take them again with a shorter exposure or a slower flight, or leave them out where neighbours cover the place.',
      files: blurred.map(({ file }) => file),
    },
  ]
}

function unfocused(blurred: readonly Photo[]): readonly Finding[] {
  if (blurred.length === 0) return []
  const count = blurred.length
  return [
    {
      code: 'photo/out-of-focus',
      severity: 'warning',
      what: `${photos(count)} ${verb(count, 'is', 'are')} out of focus: soft in every direction.`,
      remedy: 'Take them again with the focus fixed on the subject, wipe the lens, or leave them out where neighbours cover the place.',
      files: blurred.map(({ file }) => file),
    },
  ]
}

function exposures(shaken: readonly Photo[]): string {
  const known = shaken.map(({ exposureS }) => exposureS).filter((value) => value !== null)
  if (known.length === 0) return ''
  const longest = Math.max(...known)
  return longest < 1 ? ` (1/${Math.round(1 / longest)} s)` : ` (${longest} s)`
}
