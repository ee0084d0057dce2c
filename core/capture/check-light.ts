import type { Evidence } from './evidence.ts'
import type { Finding } from './finding.ts'
import type { Photo } from './photo.ts'
import { groupBy, median, spreadOf } from './statistics.ts'
import { photos, verb } from './words.ts'

// A lens cap, a pocket, a flash that failed: below 3 % mean luma or with four fifths at black there is nothing to match.
const darkLuma = 0.06
const darkClipped = 0.6
// Dark against its own capture: two stops and a half in the picture's gamma.
const darkShare = 0.4
const brightLuma = 0.88
const brightClipped = 0.35
// Bright against its own capture: nearly blown where the others are not.
const brightOver = { luma: 0.3, clipped: 0.12 }
// Blank: not a scene at all, whatever the others are; left out of the run.
export const blank = { darkLuma: 0.02, brightLuma: 0.985 }

/** Exposure, white balance and missing detail. */
export function lightFindings(evidence: readonly Evidence[]): readonly Finding[] {
  const all = evidence.map(({ photo }) => photo)
  return [...darkAndBright(all), ...whiteBalance(all), ...lowTexture(all)]
}

export function isDark(photo: Photo, usualLuma: number): boolean {
  return photo.meanLuma < darkLuma || photo.clippedLow > darkClipped || photo.meanLuma < darkShare * usualLuma
}

export function isBright(photo: Photo, usual: { readonly luma: number; readonly clipped: number }): boolean {
  if (photo.meanLuma > brightLuma || photo.clippedHigh > brightClipped) return true
  return photo.meanLuma > usual.luma + brightOver.luma && photo.clippedHigh > usual.clipped + brightOver.clipped
}

function darkAndBright(all: readonly Photo[]): readonly Finding[] {
  const usual = { luma: median(all.map(({ meanLuma }) => meanLuma)), clipped: median(all.map(({ clippedHigh }) => clippedHigh)) }
  const dark = all.filter((photo) => isDark(photo, usual.luma)).map(({ file }) => file)
  const bright = all.filter((photo) => isBright(photo, usual)).map(({ file }) => file)
  const found: Finding[] = []
  if (dark.length > 0)
    found.push({
      code: 'photo/dark',
      severity: 'warning',
      what: `${photos(dark.length)} ${verb(dark.length, 'is', 'are')} too dark.`,
      remedy: 'Take them again with more light or a longer exposure, or leave them out.',
      files: dark,
    })
  if (bright.length > 0)
    found.push({
      code: 'photo/bright',
      severity: 'warning',
      what: `${photos(bright.length)} ${verb(bright.length, 'is', 'are')} overexposed.`,
      remedy: 'Take them again with a shorter exposure, or leave them out.',
      files: bright,
    })
  return found
}

// In logarithms of r/g and b/g. On the shared sets scenes move by at most 0.2 from the median; a preset changed from
// daylight to tungsten moves by 0.5 and more.
const castLeast = 0.22
// In the logarithm of r/b, along which a white balance moves: grass and sand shift both ratios together, which leaves it as it is. Clean photos of
// the shared sets lie within 0.18 of their median, every one with a cast of 1.4 : 1 : 0.65 beyond 0.59.
const warmthLeast = 0.33
const castSpreads = 6

// Fewer photos of one camera have no usual white balance.
const fewestToCompare = 4

/** Each camera against itself: makers see colours differently. */
function whiteBalance(all: readonly Photo[]): readonly Finding[] {
  const judged = all.filter(({ meanLuma }) => meanLuma > darkLuma && meanLuma < brightLuma)
  const odd = new Set([...groupBy(judged, ({ camera }) => camera).values()].flatMap(castFrom))
  const files = all.filter((photo) => odd.has(photo)).map(({ file }) => file)
  if (files.length === 0) return []
  return [
    {
      code: 'photo/white-balance-differs',
      severity: 'info',
      what: `${photos(files.length)} ${verb(files.length, 'has', 'have')} another white balance than the rest.`,
      remedy: 'Develop them with one fixed white balance; the scene’s colours will shimmer otherwise.',
      files,
    },
  ]
}

function castFrom(group: readonly Photo[]): readonly Photo[] {
  if (group.length < fewestToCompare) return []
  const log = (ratio: number): number => Math.log(Math.max(0.01, ratio))
  const red = group.map(({ redGreen }) => log(redGreen))
  const blue = group.map(({ blueGreen }) => log(blueGreen))
  const far = [isFar(red, castLeast), isFar(blue, castLeast), isFar(warmth(red, blue), warmthLeast)]
  return group.filter((_, i) => far.some((axis) => axis[i]))
}

function warmth(red: readonly number[], blue: readonly number[]): readonly number[] {
  return red.map((value, i) => value - blue[i]!)
}

function isFar(casts: readonly number[], least: number): readonly boolean[] {
  const middle = median(casts)
  const limit = Math.max(least, castSpreads * spreadOf(casts))
  return casts.map((cast) => Math.abs(cast - middle) > limit)
}

// A photo with detail in less than a fifth of its area gives COLMAP little to hold on to; a capture of mostly such photos fails.
const lowTextureShare = 0.2
const lowTextureHalf = 0.5

function lowTexture(all: readonly Photo[]): readonly Finding[] {
  const poor = all.filter(({ texture }) => texture !== undefined && texture < lowTextureShare)
  if (poor.length === 0 || poor.length < lowTextureHalf * all.length) return []
  return [
    {
      code: 'capture/low-texture',
      severity: 'warning',
      what: `${photos(poor.length)} of ${all.length} show mostly smooth surfaces: water, snow, sky or plain walls.`,
      remedy: 'Go higher or further back so that detail comes into each picture, or add things with pattern to the place.',
      files: poor.map(({ file }) => file),
    },
  ]
}
