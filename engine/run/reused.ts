import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { runFolder } from '../../core/layout.ts'
import type { StageName } from '../../core/run/events.ts'
import { reusedStep, type StageLine } from '../../core/run/stage-line.ts'
import { usersOf } from '../cache/stage-uses.ts'
import { readJson, SfmReport, TrainMetrics } from './measure.ts'

/** The run that made what this one finds made; 'cache' where that run is no longer in the library. */
export function makerOf(home: string, runId: string, stage: StageName, key: string): string {
  const others = usersOf(home, stage, key).filter((one) => one.runId !== runId)
  return (others.find((one) => one.made) ?? others[0])?.runId ?? 'cache'
}

/** The progress line of a stage that was not made again, with the figures that its own lines had. */
export async function reusedLine(folder: string, stage: StageName, from: string, now: Date): Promise<StageLine> {
  const metrics = { from, ...(await figuresOf(folder, stage)) }
  return { at: now.toISOString(), stage, step: reusedStep, done: 1, total: 1, unit: 'stage', metrics }
}

async function figuresOf(folder: string, stage: StageName): Promise<StageLine['metrics']> {
  switch (stage) {
    case 'sfm': {
      const report = await readJson(join(folder, runFolder.sfmReport), SfmReport)
      return report === null ? {} : { registered: report.registered.length, points: report.points }
    }
    case '3dgs': {
      const metrics = await readJson(join(folder, runFolder.metrics), TrainMetrics)
      if (metrics === null) return {}
      return { iteration: metrics.iterations, psnr: metrics.heldOut.meanPsnr, ssim: metrics.heldOut.meanSsim }
    }
    case 'compression':
      return {
        bytesOut: await stat(join(folder, runFolder.sog)).then(
          (facts) => facts.size,
          () => null,
        ),
      }
  }
}
