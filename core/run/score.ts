import type { RunReport, ScorePart } from './report.ts'
import { runFolder } from '../layout.ts'

/** What was measured of a run. Null: not measured; then `why` of the part says so. */
export type Measurements = {
  readonly registered: { readonly photos: number; readonly of: number } | null
  readonly reprojectionPx: number | null
  /** Error in px beyond which COLMAP drops an observation. */
  readonly reprojectionLimitPx: number | null
  /** Share of the registered photos' cells that hold a point seen by three photos. */
  readonly coverage: number | null
  /** Root mean square of the distances between camera centres and their GPS fixes after alignment; known also where GPS was then refused. */
  readonly gpsResidualM: number | null
  /** The residual beyond which GPS is refused in this flight. */
  readonly gpsLimitM: number | null
  readonly gpsUsed: boolean
  readonly gpsWhy: string | null
  readonly psnr: number | null
  /** Share of the held-out photos' variance that the renders explain. */
  readonly explained: number | null
  readonly ssim: number | null
  readonly artefacts: { readonly readable: number; readonly of: number } | null
}

/** A part as it is measured. `share`: where the value stands on its scale, 0 to 1; null where value or scale was not measured. */
type Part = {
  readonly name: string
  readonly unit: string
  readonly source: string
  readonly scale: string
  readonly value: number | null
  readonly share: number | null
  readonly why: string
  /** Why a value that is known takes no part in the score. */
  readonly unscored?: string | null
}

/**
 * The score 0-100 and its parts. The rule: each part is a quantity that a stage measured, and its points are its place on a scale whose two
 * ends follow from the measurement itself, not from taste (`scale` says them); the score is the plain mean of the points that there are.
 * No weights, no thresholds. What was not measured takes no part, and says why. Null: nothing was measured.
 */
export function score(measured: Measurements): Pick<RunReport, 'score' | 'parts'> {
  const parts = partsOf(measured)
  const shares = parts.flatMap((part) => (part.share === null ? [] : [clamped(part.share)]))
  const mean = shares.reduce((sum, one) => sum + one, 0) / shares.length
  return { score: shares.length === 0 ? null : Math.round(100 * mean), parts: parts.map(told) }
}

function told({ name, unit, source, scale, value, share, why, unscored }: Part): ScorePart {
  return {
    name,
    value,
    unit,
    source,
    scale,
    points: share === null ? null : Math.round(1000 * clamped(share)) / 10,
    why: value === null ? why : (unscored ?? null),
  }
}

function clamped(share: number): number {
  return Math.min(1, Math.max(0, share))
}

function ratio(value: number | null, of: number | null): number | null {
  return value === null || of === null || of <= 0 ? null : value / of
}

function rest(share: number | null): number | null {
  return share === null ? null : 1 - share
}

const heldOut = 'No photos were held out in this run.'

function partsOf(m: Measurements): readonly Part[] {
  return [...modelParts(m), gpsPart(m), ...pictureParts(m), artefactsPart(m)]
}

function modelParts({ registered, reprojectionPx, reprojectionLimitPx, coverage }: Measurements): readonly Part[] {
  const share = registered && ratio(registered.photos, registered.of)
  const source = runFolder.sfmReport
  return [
    {
      name: 'registered share',
      value: share,
      unit: 'of the photos',
      share,
      source,
      scale: '0: no photo joined the model; 100: all of the run did.',
      why: 'The report names no photos.',
    },
    {
      // COLMAP's own figure: the mean over the points of each point's mean. Over the observations it is another number (evaluate has both).
      name: 'reprojection error, mean of points',
      value: reprojectionPx,
      unit: 'px',
      share: rest(ratio(reprojectionPx, reprojectionLimitPx)),
      source,
      scale: `100: points project where they were seen; 0: the mean is at ${reprojectionLimitPx ?? 4} px, beyond which COLMAP drops an observation.`,
      why: 'The report has no reprojection error.',
    },
    {
      name: 'coverage',
      value: coverage,
      unit: 'of the pictures',
      share: coverage,
      source,
      scale: '100: every tenth of each registered photo holds a point seen by at least three photos; 0: none does.',
      why: 'The report was written before coverage was measured.',
    },
  ]
}

function gpsPart({ gpsResidualM, gpsLimitM, gpsUsed, gpsWhy }: Measurements): Part {
  return {
    name: 'GPS residual',
    value: gpsResidualM,
    unit: 'm',
    // Where GPS was too poor to align to, the residual speaks of the receiver, not of the reconstruction: it is shown and not scored.
    share: gpsUsed ? rest(ratio(gpsResidualM, gpsLimitM)) : null,
    source: runFolder.sfmReport,
    scale: '100: cameras stand where GPS says; 0: at a twentieth of the flight around its centre, beyond which GPS is refused.',
    why: gpsWhy ?? 'No GPS in these photos.',
    unscored: gpsUsed ? null : gpsWhy,
  }
}

function pictureParts({ psnr, explained, ssim }: Measurements): readonly Part[] {
  const source = runFolder.metrics
  return [
    {
      name: 'held-out PSNR',
      value: psnr,
      unit: 'dB',
      share: explained,
      source,
      scale:
        "0: no nearer to the held-out photos than one flat colour; 100: equal to them. It is the share of the photos' variance explained.",
      why: heldOut,
    },
    {
      name: 'held-out SSIM',
      value: ssim,
      unit: '',
      share: ssim,
      source,
      scale: '0: no structure in common; 100: the same structure everywhere (Wang et al. 2004).',
      why: heldOut,
    },
  ]
}

function artefactsPart({ artefacts }: Measurements): Part {
  const share = artefacts && ratio(artefacts.readable, artefacts.of)
  return {
    name: 'artefacts readable',
    value: share,
    unit: 'of the files',
    share,
    source: 'compression/outcome.json',
    scale: '0: no file of the scene is whole; 100: all are.',
    why: 'No files were checked.',
  }
}
