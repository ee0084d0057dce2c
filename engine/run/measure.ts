import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { z } from 'zod'
import { runFolder } from '../../core/layout.ts'
import { scenesByPreference } from '../../core/run/artefacts.ts'
import { measurementsOf, SfmReport, TrainMetrics } from '../../core/run/measurements.ts'
import type { Measurements } from '../../core/run/score.ts'
import { readOutcome } from './outcome.ts'

// The app's other rooms know them from here.
export { SfmReport, TrainMetrics }

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
  return measurementsOf(sfm, metrics, await readableArtefacts(folder))
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
