import { z } from 'zod'
import type { Measurements } from './score.ts'

/** sfm/report.json, as far as it is read. */
export const SfmReport = z.object({
  registered: z.array(z.string()),
  unregistered: z.array(z.object({ file: z.string(), reason: z.string() })).default([]),
  points: z.number().nullable().default(null),
  coverage: z.number().nullable().default(null),
  reprojectionLimitPx: z.number().nullable().default(null),
  reprojectionErrorPx: z.number().nullable().default(null),
  gps: z
    .object({
      used: z.boolean().default(true),
      residualM: z.object({ rms: z.number() }).nullable(),
      limitM: z.number().nullable().default(null),
      why: z.string().nullable(),
    })
    .nullable()
    .default(null),
  metric: z.boolean().default(false),
  covered: z
    .object({
      center: z.tuple([z.number(), z.number(), z.number()]),
      radius: z.number(),
      up: z.tuple([z.number(), z.number(), z.number()]),
    })
    .nullable()
    .default(null),
})
export type SfmReport = z.infer<typeof SfmReport>

/** 3dgs/metrics.json, as far as it is read. */
export const TrainMetrics = z.object({
  iterations: z.number().nullable().default(null),
  heldOut: z.object({
    views: z.array(z.object({ photo: z.string(), psnr: z.number() })).default([]),
    meanPsnr: z.number().nullable(),
    meanSsim: z.number().nullable(),
    meanExplained: z.number().nullable().default(null),
  }),
})
export type TrainMetrics = z.infer<typeof TrainMetrics>

/** What the stages' own reports say, wherever they lie; null: there is none, or it cannot be read. */
export function measurementsOf(sfm: SfmReport | null, metrics: TrainMetrics | null, artefacts: Measurements['artefacts']): Measurements {
  const of = sfm ? sfm.registered.length + sfm.unregistered.length : 0
  return {
    registered: sfm ? { photos: sfm.registered.length, of } : null,
    reprojectionPx: sfm?.reprojectionErrorPx ?? null,
    reprojectionLimitPx: sfm?.reprojectionLimitPx ?? null,
    coverage: sfm?.coverage ?? null,
    gpsResidualM: sfm?.gps?.residualM?.rms ?? null,
    gpsUsed: sfm?.gps?.used ?? false,
    gpsLimitM: sfm?.gps?.limitM ?? null,
    gpsWhy: sfm?.gps?.why ? `GPS was not used: ${sfm.gps.why}` : null,
    psnr: metrics?.heldOut.meanPsnr ?? null,
    ssim: metrics?.heldOut.meanSsim ?? null,
    explained: metrics?.heldOut.meanExplained ?? null,
    artefacts,
  }
}
