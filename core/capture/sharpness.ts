import { edgeWidth } from './edge-width.ts'
import { averagePower, windowPx } from './fourier.ts'

/** How sharp a picture is, by its spectrum. `score` 0..1; `directionDeg`: along which it is smeared, null where the blur has no direction; `contrast`: between the directions. */
export type Sharpness = { readonly score: number; readonly directionDeg: number | null; readonly contrast: number }

// Bands in cycles per pixel of a picture with 1024 px on the long side (measured on blur ladders: facts of the forecast, section 7).
const measuredLongPx = 1024
const highBand = { from: 0.1, to: 0.22 }
const lowBand = { from: 0.015, to: 0.05 }
// Above this frequency a photo holds noise; its 30th percentile is the floor that is removed everywhere, so that noise does not count as sharpness.
const noiseFrom = 0.45
const noisePercentile = 0.3
const directions = 12
// Below 640 px the high band would reach the noise band.
const leastLongPx = 640

/** Natural logarithms of the band ratio in each of 12 directions, and of the ratio that does not ask for direction. */
export type BandRatios = { readonly perDirection: readonly number[]; readonly overall: number }

/** log(power 0.10-0.22 / power 0.015-0.05 cycles/px) by direction, noise floor removed; and the same of soft bands over all directions. */
export function bandRatios(grey: Uint8Array, widthPx: number, heightPx: number): BandRatios | null {
  if (Math.min(widthPx, heightPx) < windowPx) return null
  const power = averagePower(grey, widthPx, heightPx)
  const floor = noiseFloor(power)
  const scale = measuredLongPx / Math.max(leastLongPx, widthPx, heightPx)
  const high = sectorMeans(power, highBand.from * scale, highBand.to * scale)
  const low = sectorMeans(power, lowBand.from * scale, lowBand.to * scale)
  const perDirection = high.map((value, i) => Math.log(above(value, floor) / above(low[i] as number, floor)))
  return { perDirection, overall: softRatio(power, floor, scale) }
}

// A tenth of a per cent of the floor stands for "nothing left above the noise".
const above = (power: number, floor: number): number => Math.max(power - floor, floor * 1e-3, 1e-6)

const frequency = (index: number): number => (index < windowPx / 2 ? index : index - windowPx) / windowPx

// Where each bin of the spectrum lies: the same for every photo.
const across = (i: number): number => frequency(i % windowPx)
const down = (i: number): number => frequency(Math.floor(i / windowPx))
const radii = Float64Array.from({ length: windowPx * windowPx }, (_, i) => Math.hypot(across(i), down(i)))
const sectors = Uint8Array.from(radii, (_, i) =>
  Math.floor(((Math.atan2(down(i), across(i)) / Math.PI + 1 + 0.5 / directions) % 1) * directions),
)

function noiseFloor(power: Float64Array): number {
  const tail = power.filter((_, i) => (radii[i] as number) > noiseFrom).sort()
  return tail[Math.floor(tail.length * noisePercentile)] as number
}

function sectorMeans(power: Float64Array, from: number, to: number): number[] {
  const sums = new Float64Array(directions)
  const counts = new Float64Array(directions)
  for (let i = 0; i < power.length; i++) {
    const radius = radii[i] as number
    if (radius < from || radius > to) continue
    const sector = sectors[i] as number
    sums[sector] = (sums[sector] as number) + (power[i] as number)
    counts[sector] = (counts[sector] as number) + 1
  }
  return Array.from(sums, (sum, i) => sum / Math.max(1, counts[i] as number))
}

// Variance of the Laplacian at sigma 2 over the variance at sigma 4, read off the spectrum: |f|^4 exp(-4 pi^2 s^2 f^2).
const fineSigma = 2
const coarseSigma = 4

function softRatio(power: Float64Array, floor: number, scale: number): number {
  let fine = 0
  let coarse = 0
  for (let i = 1; i < power.length; i++) {
    const squared = ((radii[i] as number) / scale) ** 2
    const signal = Math.max((power[i] as number) - floor, floor * 1e-3)
    fine += signal * squared * squared * Math.exp(-4 * Math.PI ** 2 * fineSigma ** 2 * squared)
    coarse += signal * Math.exp(-4 * Math.PI ** 2 * coarseSigma ** 2 * squared)
  }
  return Math.log(Math.max(1e-12, fine) / Math.max(1e-12, coarse))
}

// Each alone orders some blurs wrongly: the directional ratio drowns in noise, the overall one is blind to motion and differs
// between scenes, edge width is coarse below 2 px. Weights by trial on 8 photos x 14 blurs x 3 noises (sharpness.test.ts holds them).
const weights = { directional: 0.5, overall: 0.5, edge: 5 }
// The middle and the spread of the mapping to 0..1: blur of 4 px and of 8 px (at 1024 px) lie on its two sides.
const middle = -17.3
const spread = 1.4
// Smeared along one direction: this much more of the logarithm is lost there than across it.
const motionContrast = 2.6

/** Sharpness of a grey picture of at most 800 px; null where it is too small to judge. */
export function sharpness(grey: Uint8Array, widthPx: number, heightPx: number): Sharpness | null {
  const ratios = bandRatios(grey, widthPx, heightPx)
  if (!ratios) return null
  const worst = Math.min(...ratios.perDirection)
  const width = edgeWidth(grey, widthPx, heightPx) ?? flatWidthPx
  const raw = weights.directional * worst + weights.overall * ratios.overall - weights.edge * Math.log(width)
  const contrast = Math.max(...ratios.perDirection) - worst
  const isMotion = contrast > motionContrast && raw < middle + spread
  return {
    score: 1 / (1 + Math.exp(-(raw - middle) / spread)),
    contrast,
    directionDeg: isMotion ? (ratios.perDirection.indexOf(worst) * 180) / directions : null,
  }
}

// A picture without a single edge counts as blurred through and through.
const flatWidthPx = 24

/** The logarithm under a score of 0..1, for comparisons in which differences matter. */
export function rawSharpness(score: number): number {
  const bounded = Math.min(1 - 1e-9, Math.max(1e-9, score))
  return middle + spread * Math.log(bounded / (1 - bounded))
}
