import type { RunReport, ScorePart } from '../contract.ts'
import { runFolder } from '../layout.ts'

/** What was measured of a run. Null: not measured; then `why` of the part says so. */
export type Measurements = {
  readonly registered: { readonly photos: number; readonly of: number } | null
  readonly reprojectionPx: number | null
  /** Root mean square of the distances between camera centres and their GPS fixes after alignment. */
  readonly gpsResidualM: number | null
  readonly gpsWhy: string | null
  readonly psnr: number | null
  readonly ssim: number | null
  readonly heldOut: number | null
  readonly artefacts: { readonly readable: number; readonly of: number } | null
}

type Scale = { readonly zero: number; readonly full: number }

// Below `zero` a part earns nothing, from `full` on all of its weight; between them in a straight line.
// All six scales and the weights are chosen by judgement and not yet measured against scenes that people rated.
// Registered: under half of the photos the place is not what was photographed.
const registeredScale: Scale = { zero: 0.5, full: 1 }
// The sample gives 0.45 px (pycolmap 4.2.1, 1000 px); 2 px is taken as poor.
const reprojectionScale: Scale = { zero: 2, full: 0.5 }
// A few metres are taken as usual for a receiver without corrections; 10 m as no alignment.
const gpsScale: Scale = { zero: 10, full: 1 }
// 32 dB is what the sample is asked to reach; 15 dB is taken as a blur.
const psnrScale: Scale = { zero: 15, full: 32 }
// The sample gives 0.87; the ends are taken, not measured.
const ssimScale: Scale = { zero: 0.4, full: 0.95 }

// What a person sees first weighs most: does it cover the photos, and does it look like them.
const weights = { registered: 30, reprojection: 10, gps: 10, psnr: 25, ssim: 15, artefacts: 10 } as const

function share(value: number, { zero, full }: Scale): number {
  return Math.min(1, Math.max(0, (value - zero) / (full - zero)))
}

type Part = {
  readonly name: string
  readonly unit: string
  readonly source: string
  readonly weight: number
  readonly value: number | null
  readonly earned: number
  readonly why: string
}

/** The score 0-100 from what was measured, and each of its parts. What was not measured has no weight. Null: nothing was measured. */
export function score(measured: Measurements): Pick<RunReport, 'score' | 'parts'> {
  const parts = partsOf(measured)
  const weight = parts.reduce((sum, part) => sum + (part.value === null ? 0 : part.weight), 0)
  const pointsOf = (part: Part): number => round1((100 * part.weight * part.earned) / weight)
  const total = parts.reduce((sum, part) => sum + (part.value === null ? 0 : part.weight * part.earned), 0)
  return {
    score: weight === 0 ? null : Math.round((100 * total) / weight),
    parts: parts.map((part): ScorePart => ({
      name: part.name,
      value: part.value,
      unit: part.unit,
      source: part.source,
      points: part.value === null ? null : pointsOf(part),
      why: part.value === null ? part.why : null,
    })),
  }
}

function round1(value: number): number {
  return Math.round(value * 10) / 10
}

function partsOf(m: Measurements): readonly Part[] {
  const { registered, artefacts } = m
  const registeredShare = registered && registered.of > 0 ? registered.photos / registered.of : null
  const readable = artefacts && artefacts.of > 0 ? artefacts.readable / artefacts.of : null
  const heldOut = 'No photos were held out in this run.'
  return [
    part(
      'registered share',
      registeredShare,
      'of the photos',
      runFolder.sfmReport,
      weights.registered,
      registeredScale,
      'The report names no photos.',
    ),
    part(
      'reprojection error',
      m.reprojectionPx,
      'px',
      runFolder.sfmReport,
      weights.reprojection,
      reprojectionScale,
      'The report has no reprojection error.',
    ),
    part('GPS residual', m.gpsResidualM, 'm', runFolder.sfmReport, weights.gps, gpsScale, m.gpsWhy ?? 'No GPS in these photos.'),
    part('held-out PSNR', m.psnr, 'dB', runFolder.metrics, weights.psnr, psnrScale, heldOut),
    part('held-out SSIM', m.ssim, '', runFolder.metrics, weights.ssim, ssimScale, heldOut),
    part(
      'artefacts readable',
      readable,
      'of the files',
      'compression/outcome.json',
      weights.artefacts,
      { zero: 0, full: 1 },
      'No files were checked.',
    ),
  ]
}

function part(name: string, value: number | null, unit: string, source: string, weight: number, scale: Scale, why: string): Part {
  return { name, value, unit, source, weight, earned: value === null ? 0 : share(value, scale), why }
}
