import { stat } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { home as layout } from '../../core/layout.ts'
import { ProblemError, problem } from '../../core/problem.ts'
import { deliverables, stageFolder } from '../../core/run/artefacts.ts'
import type { StageName } from '../../core/run/events.ts'
import type { RunSettings } from '../../core/run/settings.ts'

/** What a run starts from: stage folders of an earlier run, by stage. */
export type Earlier = { readonly name: string; readonly folders: Readonly<Partial<Record<StageName, string>>> }

const needs: Readonly<Record<RunSettings['step'], StageName | null>> = { full: null, '3dgs': 'sfm', compression: '3dgs' }

/**
 * The stages that `settings` takes from an earlier run: a run of this home, or any folder that looks like a run's (`--from`).
 * Throws ProblemError where it has not what the step needs.
 */
export async function earlierStages(home: string, settings: RunSettings): Promise<Earlier> {
  const need = needs[settings.step]
  if (need === null) return { name: '', folders: {} }
  const from = settings.fromRun
  if (from === null)
    throw new ProblemError(
      problem(
        'run/from-missing',
        `The step ${settings.step} needs a run to start from.`,
        'Choose a finished run, or run the full pipeline.',
      ),
    )
  const folder = isAbsolute(from) ? from : join(home, layout.run(from))
  const folders: Partial<Record<StageName, string>> = {}
  // A sparse model is taken along where a trained scene is asked for: the viewer shows its cameras.
  for (const stage of need === 'sfm' ? (['sfm'] as const) : (['sfm', '3dgs'] as const)) {
    if (await has(join(folder, stageFolder[stage]), stage)) folders[stage] = join(folder, stageFolder[stage])
  }
  if (folders[need] === undefined) {
    throw new ProblemError(
      problem(
        'run/from-unfinished',
        `${from} has no finished ${need === 'sfm' ? 'sparse model' : 'trained scene'}.`,
        'Choose another run, or run the full pipeline.',
      ),
    )
  }
  return { name: from, folders }
}

async function has(folder: string, stage: StageName): Promise<boolean> {
  const found = await Promise.all(
    deliverables[stage].map((name) =>
      stat(join(folder, name)).then(
        (one) => one.size > 0,
        () => false,
      ),
    ),
  )
  return found.every(Boolean)
}
