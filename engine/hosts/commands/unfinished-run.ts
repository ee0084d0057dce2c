import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { Manifest } from '../../../core/capture/manifest.ts'
import type { RunSummary } from '../../../core/run/run-summary.ts'
import { runFolder } from '../../../core/layout.ts'
import { hasEnded } from '../../../core/run/reduce.ts'
import type { RunSettings } from '../../../core/run/settings.ts'
import type { Engine } from '../../engine.ts'
import type { Check } from '../../intake/check-event.ts'
import { takeLock } from '../../lock.ts'

/** True while some process works on a run. */
export function isWorkedOn(home: string, runId: string): boolean {
  const lock = takeLock(home, `run-${runId}`)
  lock?.release()
  return lock === null
}

/** True where a run was begun, has not ended, and nobody works on it: it waits to be gone on with. */
export function isLeft(home: string, run: RunSummary): boolean {
  return !hasEnded(run.state) && !isWorkedOn(home, run.runId)
}

/** The newest run of the same photos with the same settings that was left before its end, or null. */
export async function unfinishedTwin(
  engine: Engine,
  home: string,
  wish: { readonly captureId: string; readonly settings: RunSettings; readonly check: Check },
): Promise<string | null> {
  const runs = await engine.handlers['runs.list']({})
  const left = runs.filter((run) => run.captureId === wish.captureId && isDeepStrictEqual(run.settings, wish.settings) && isLeft(home, run))
  for (const run of left.toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1)))
    if (await hasPhotos(engine.runFolder(run.runId), wish.check)) return run.runId
  return null
}

/** True where a run's frozen photos are those of the check, by name and content. */
async function hasPhotos(folder: string, check: Check): Promise<boolean> {
  const text = await readFile(path.join(folder, runFolder.manifest), 'utf8').catch(() => null)
  const manifest = text === null ? null : Manifest.safeParse(JSON.parse(text))
  if (!manifest?.success) return false
  const frozen = manifest.data.photos.filter((photo) => photo.use).map((photo) => `${photo.object.split('.')[0]} ${photo.file}`)
  const leftOut = new Set(check.leftOut)
  const now = check.photos.filter((photo) => !leftOut.has(photo.file)).map((photo) => `${photo.sha256} ${photo.file}`)
  return isDeepStrictEqual(frozen.toSorted(), now.toSorted())
}
