import type { Evidence } from './evidence.ts'
import type { Photo } from './photo.ts'
import { dhashOf, printPx } from './print.ts'

/** A sharp, well exposed drone photo number `n` of a straight flight, for tests: 10 m and 2 s after the one before. */
export function aPhoto(n: number, other: Partial<Photo> = {}): Photo {
  return {
    file: `DJI_${String(n).padStart(4, '0')}.JPG`,
    sha256: n.toString(16).padStart(64, '0'),
    sizeBytes: 5_000_000 + n,
    format: 'jpeg',
    widthPx: 4000,
    heightPx: 3000,
    damaged: false,
    camera: 'DJI FC300S',
    lens: null,
    focalMm: 3.61,
    focal35Mm: 20,
    focalPx: 2311,
    takenAt: `2017-05-01T10:${String(20 + Math.floor(n / 30)).padStart(2, '0')}:${String((2 * n) % 60).padStart(2, '0')}`,
    offset: null,
    exposureS: 1 / 500,
    fNumber: 2.8,
    iso: 100,
    whiteBalance: 'auto',
    orientation: 1,
    gps: { lat: 50.8 + 0.00009 * n, lon: -0.1, altM: 71.2 + 0.3 * (n % 3) },
    gimbal: null,
    relativeAltM: null,
    sharpness: 0.9 + 0.01 * (n % 5),
    blurDirectionDeg: null,
    meanLuma: 0.45 + 0.01 * (n % 4),
    clippedLow: 0.001,
    clippedHigh: 0.002,
    redGreen: 0.9,
    blueGreen: 0.8,
    texture: 0.95,
    dhash: '0'.repeat(16),
    ...other,
  }
}

/** A photo and a print of its own: no two numbers look alike. */
export function evidenceOf(photo: Photo, look: number): Evidence {
  let seed = (look + 1) * 2654435761
  const next = () => {
    seed = (Math.imul(seed ^ (seed >>> 15), 2246822519) + 0x9e3779b9) | 0
    return (seed >>> 8) & 255
  }
  const print = Uint8Array.from({ length: printPx * printPx }, next)
  return { photo: { ...photo, dhash: dhashOf(print) }, print }
}

/** A clean flight of `count` photos, some of them changed. */
export function aFlight(count: number, changed: Readonly<Record<number, Partial<Photo>>> = {}): Evidence[] {
  return Array.from({ length: count }, (_, n) => evidenceOf(aPhoto(n, changed[n]), n))
}
