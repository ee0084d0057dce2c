import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { home as layout } from '../../core/layout.ts'
import type { StageName } from '../../core/run/events.ts'
import { takeLock } from '../lock.ts'
import { usersOf } from './stage-uses.ts'

/** Removes a stage's folder and what lies beside it, unless one of its runs `isNeeded` or someone works in it. True where it is gone. */
export async function removeStage(home: string, stage: StageName, key: string, isNeeded: (runId: string) => boolean): Promise<boolean> {
  const lock = takeLock(home, `stage-${stage}-${key}`)
  if (lock === null) return false
  try {
    // Asked only now: a run notes what it takes before it waits for this lock.
    if (usersOf(home, stage, key).some(({ runId }) => isNeeded(runId))) return false
    const folder = join(home, layout.stage(stage, key))
    for (const path of [folder, `${folder}.partial`, `${folder}.in`]) await rm(path, { recursive: true, force: true })
    return true
  } finally {
    lock.release()
  }
}
