import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { home as layout } from '../../core/layout.ts'
import { stageFolder } from '../../core/run/artefacts.ts'
import type { StageName } from '../../core/run/events.ts'
import { removeStage } from './removal.ts'
import { forgetStageUses, stageUses } from './stage-uses.ts'

/**
 * Frees the disk of what a run made that is not wanted: its folders in the stage cache, unless another run works with them, and the results
 * in its own folder. Manifest, progress and logs stay. Whoever is cut off half-way does it again: the note of what was used goes last.
 */
export async function discardRun(home: string, runId: string): Promise<void> {
  const uses = Object.entries(stageUses(home, runId)) as readonly [StageName, { readonly key: string }][]
  for (const [stage, { key }] of uses) await removeStage(home, stage, key, (other) => other !== runId)
  for (const folder of Object.values(stageFolder))
    for (const path of [folder, `${folder}.part`]) await rm(join(home, layout.run(runId), path), { recursive: true, force: true })
  forgetStageUses(home, runId)
}
