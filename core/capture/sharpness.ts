import { averagePower, windowPx } from './fourier.ts'

/** How sharp a picture is, by its spectrum. `score` 0..1; `directionDeg`: along which it is smeared, null where the blur has no direction. */
export type Sharpness = { readonly score: number; readonly directionDeg: number | null }

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

/** The measure before it is mapped to 0..1: natural logarithm of band ratio, in the worst direction and in each. */
export type BandRatios = { readonly worst: number; readonly perDirection: readonly number[] }

/** log(power 0.10-0.22 / power 0.015-0.05 cycles/px) in each of 12 directions, noise floor removed. */
export function bandRatios(grey: Uint8Array, widthPx: number, heightPx: number): BandRatios | null {
  if (Math.min(widthPx, heightPx) < windowPx) return null
  const power = averagePower(grey, widthPx, heightPx)
  const floor = noiseFloor(power)
  const scale = measuredLongPx / Math.max(leastLongPx, widthPx, heightPx)
  const high = sectorMeans(power, highBand.from * scale, highBand.to * scale)
  const low = sectorMeans(power, lowBand.from * scale, lowBand.to * scale)
  const perDirection = high.map((value, i) => Math.log(above(value, floor) / above(low[i] as number, floor)))
  return { worst: Math.min(...perDirection), perDirection }
}

// A tenth of a per cent of the floor stands for "nothing left above the noise".
const above = (power: number, floor: number): number => Math.max(power - floor, floor * 1e-3, 1e-6)

const frequency = (index: number): number => (index < windowPx / 2 ? index : index - windowPx) / windowPx

function noiseFloor(power: Float64Array): number {
  const tail: number[] = []
  for (let y = 0; y < windowPx; y++) {
    for (let x = 0; x < windowPx; x++) if (Math.hypot(frequency(x), frequency(y)) > noiseFrom) tail.push(power[y * windowPx + x] as number)
  }
  return tail.sort((a, b) => a - b)[Math.floor(tail.length * noisePercentile)] as number
}

function sectorMeans(power: Float64Array, from: number, to: number): number[] {
  const sums = new Float64Array(directions)
  const counts = new Float64Array(directions)
  for (let y = 0; y < windowPx; y++) {
    for (let x = 0; x < windowPx; x++) {
      const fx = frequency(x)
      const fy = frequency(y)
      const radius = Math.hypot(fx, fy)
      if (radius < from || radius > to) continue
      const sector = Math.floor(((Math.atan2(fy, fx) / Math.PI + 1 + 0.5 / directions) % 1) * directions)
      sums[sector] = (sums[sector] as number) + (power[y * windowPx + x] as number)
      counts[sector] = (counts[sector] as number) + 1
    }
  }
  return Array.from(sums, (sum, i) => sum / Math.max(1, counts[i] as number))
}

// The middle and the spread of the mapping to 0..1: blur ladders at 1024 px cross the middle between 4 and 8 px of blur.
const middle = -6.2
const spread = 0.9
// A picture smeared along one direction loses that direction's detail first: e^3 times the power of the best direction is left elsewhere.
const motionContrast = 2.6

/** Sharpness of a grey picture of at most 800 px; null where it is too small to judge. */
export function sharpness(grey: Uint8Array, widthPx: number, heightPx: number): Sharpness | null {
  const ratios = bandRatios(grey, widthPx, heightPx)
  if (!ratios) return null
  const { worst, perDirection } = ratios
  const isMotion = Math.max(...perDirection) - worst > motionContrast && worst < middle
  return {
    score: 1 / (1 + Math.exp(-(worst - middle) / spread)),
    directionDeg: isMotion ? (perDirection.indexOf(worst) * 180) / directions : null,
  }
}

/** The logarithm under a score of 0..1, for comparisons in which differences matter. */
export function rawSharpness(score: number): number {
  const bounded = Math.min(1 - 1e-9, Math.max(1e-9, score))
  return middle + spread * Math.log(bounded / (1 - bounded))
}
