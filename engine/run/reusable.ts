import type { Manifest } from '../../core/capture/manifest.ts'
import type { PipelineInput } from '../../core/pipeline/prepare.ts'
import type { StageName } from '../../core/run/events.ts'
import type { LocalParts } from './local-stages.ts'
import { contentKey } from './outcome.ts'
import { findStage } from './stage-cache.ts'
import { stageKey, stageManifest } from './stage-key.ts'

/** The stages of a full run whose results lie in the cache already, from the first on without a gap. */
export async function reusableStages(parts: LocalParts, manifest: Manifest, input: PipelineInput): Promise<readonly StageName[]> {
  const settings: readonly (readonly [StageName, Readonly<Record<string, unknown>>])[] = [
    ['sfm', JSON.parse(input.settings.sfm) as Record<string, unknown>],
    ['3dgs', input.settings.train],
    ['compression', JSON.parse(input.settings.compression) as Record<string, unknown>],
  ]
  const found: StageName[] = []
  let inputs: unknown = stageManifest(manifest)
  for (const [stage, values] of settings) {
    const made = await findStage(parts.home, stage, await stageKey(stage, parts.programs[stage], values, inputs))
    if (made === null) break
    found.push(stage)
    inputs = contentKey(made.outcome)
  }
  return found
}
