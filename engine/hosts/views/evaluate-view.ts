import { z } from 'zod'
import type { Paint } from '../terminal/paint.ts'
import { count, counted, sizeText } from '../terminal/words.ts'
import { table } from './table.ts'

/** What evaluate_run.py prints, as far as a person is shown it. Null: not measured; `absent` says why. */
export const Figures = z.object({
  registered: z
    .object({ photos: z.number(), registered: z.number(), share: z.number().nullable(), unregistered: z.array(z.string()) })
    .nullable(),
  reprojection: z
    .object({
      meanPx: z.number(),
      pointMeanPx: z.number().optional(),
      rmsPx: z.number(),
      observations: z.number(),
      points: z.number(),
      meanTrackLength: z.number(),
    })
    .nullable(),
  heldOut: z
    .object({
      views: z.array(z.object({ photo: z.string(), psnr: z.number(), ssim: z.number() })),
      meanPsnr: z.number(),
      meanSsim: z.number(),
      meanExplained: z.number().optional(),
    })
    .nullable(),
  gaussians: z.number().nullable(),
  bytes: z.record(z.string(), z.number()),
  absent: z.array(z.string()),
})
export type Figures = z.infer<typeof Figures>

/** A run's figures for a person, one a line, each recomputed from files. */
export function figuresText(runId: string, figures: Figures, paint: Paint): string {
  const { registered, reprojection, heldOut, gaussians } = figures
  const rows = [
    ...(registered ? [['Registered', `${count(registered.registered)} of ${counted(registered.photos, 'photo')}`]] : []),
    ...(reprojection ? [['Reprojection', reprojectionText(reprojection)]] : []),
    ...(reprojection ? [['Points', `${count(reprojection.points)}, seen by ${reprojection.meanTrackLength.toFixed(1)} photos each`]] : []),
    ...(heldOut
      ? [
          [
            'Held out',
            `PSNR ${heldOut.meanPsnr.toFixed(2)} dB, SSIM ${heldOut.meanSsim.toFixed(3)}${explainedText(heldOut.meanExplained)} over ${counted(heldOut.views.length, 'photo')}`,
          ],
        ]
      : []),
    ...(heldOut?.views ?? []).map((view) => ['', paint.faint(`${view.psnr.toFixed(2)} dB  ${view.ssim.toFixed(3)}  ${view.photo}`)]),
    ...(gaussians === null ? [] : [['Gaussians kept', count(gaussians)]]),
    ...Object.entries(figures.bytes).map(([name, bytes]) => [name, sizeText(bytes)]),
    ...figures.absent.map((why) => [paint.warn('Not measured'), why]),
  ]
  return `${paint.strong(runId)} ${paint.faint('from the files on disk')}\n${table(rows.map(([name = '', what = '']) => [`  ${name}`, what]))}\n`
}

/** Both means by what they are: over the observations, and over the points, which is the figure that COLMAP and the report give. */
function reprojectionText({ meanPx, pointMeanPx, rmsPx, observations, points }: NonNullable<Figures['reprojection']>): string {
  const overPoints = pointMeanPx === undefined ? '' : `; ${pointMeanPx.toFixed(2)} px mean of ${count(points)} points`
  return `${meanPx.toFixed(2)} px mean, ${rmsPx.toFixed(2)} px RMS of ${count(observations)} observations${overPoints}`
}

function explainedText(share: number | undefined): string {
  return share === undefined ? '' : `, ${(100 * share).toFixed(1)} % of the variance`
}
