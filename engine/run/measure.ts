import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { runFolder } from '../../core/layout.ts'
import { scenesByPreference } from '../../core/run/artefacts.ts'
import type { Measurements } from '../../core/run/score.ts'
import { readOutcome } from './outcome.ts'

/** sfm/report.json, as far as the app reads it. */
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

/** 3dgs/metrics.json, as far as the app reads it. */
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

/** Reads a JSON file of a stage; null where it is absent or not what it should be. */
export async function readJson<T>(file: string, type: z.ZodType<T>): Promise<T | null> {
  try {
    const read = type.safeParse(JSON.parse(await readFile(file, 'utf8')))
    return read.success ? read.data : null
  } catch {
    return null
  }
}

/** What the files of a run's folder say; nothing is taken from anywhere else. */
export async function measure(folder: string): Promise<Measurements> {
  const sfm = await readJson(join(folder, runFolder.sfmReport), SfmReport)
  const metrics = await readJson(join(folder, runFolder.metrics), TrainMetrics)
  const of = sfm ? sfm.registered.length + sfm.unregistered.length : 0
  return {
    registered: sfm ? { photos: sfm.registered.length, of } : null,
    reprojectionPx: sfm?.reprojectionErrorPx ?? null,
    reprojectionLimitPx: sfm?.reprojectionLimitPx ?? null,
    coverage: sfm?.coverage ?? null,
    // Where GPS was too poor to align to, the residual speaks of the receiver, not of the reconstruction.
    gpsResidualM: sfm?.gps?.used ? (sfm.gps.residualM?.rms ?? null) : null,
    gpsLimitM: sfm?.gps?.limitM ?? null,
    gpsWhy: sfm?.gps?.why ? `GPS was not used: ${sfm.gps.why}` : null,
    psnr: metrics?.heldOut.meanPsnr ?? null,
    ssim: metrics?.heldOut.meanSsim ?? null,
    explained: metrics?.heldOut.meanExplained ?? null,
    artefacts: await readableArtefacts(folder),
  }
}

// Read back by the compression stage itself (its step `verify`); here: there, and as long as it said.
async function readableArtefacts(folder: string): Promise<Measurements['artefacts']> {
  const outcome = await readOutcome(join(folder, runFolder.compression))
  const said = Object.entries(outcome?.files ?? {}).map(([name, file]) => ({
    path: join(folder, runFolder.compression, name),
    bytes: file.bytes,
  }))
  const list = said.length > 0 ? said : scenesByPreference.map((name) => ({ path: join(folder, name), bytes: null }))
  const whole = await Promise.all(
    list.map(({ path, bytes }) =>
      stat(path).then(
        (found) => found.size > 0 && (bytes === null || found.size === bytes),
        () => false,
      ),
    ),
  )
  return { readable: whole.filter(Boolean).length, of: list.length }
}
