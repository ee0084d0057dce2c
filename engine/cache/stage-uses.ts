import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { home as layout, runFolder } from '../../core/layout.ts'
import { type StageName, stageNames } from '../../core/run/events.ts'

const Use = z.object({ key: z.string(), made: z.boolean() })
const Uses = z.partialRecord(z.enum(stageNames), Use)

/** Which folders of the stage cache a run works with, by stage. `made`: this run made it; false: it was found, or is not made yet. */
export type StageUses = z.infer<typeof Uses>

const fileOf = (home: string, runId: string): string => join(home, layout.run(runId), runFolder.stages)

/** What a run has noted; nothing where it has noted nothing. */
export function stageUses(home: string, runId: string): StageUses {
  try {
    const read = Uses.safeParse(JSON.parse(readFileSync(fileOf(home, runId), 'utf8')))
    return read.success ? read.data : {}
  } catch {
    return {}
  }
}

/**
 * Notes that a run works with a folder of the cache. Written before the folder is taken: whoever wants to remove it looks here while he
 * holds the stage's lock, so it is either seen, or removed before it is taken.
 */
export function noteStageUse(home: string, runId: string, stage: StageName, use: z.infer<typeof Use>): void {
  const file = fileOf(home, runId)
  mkdirSync(join(home, layout.run(runId)), { recursive: true })
  writeFileSync(`${file}.part`, `${JSON.stringify({ ...stageUses(home, runId), [stage]: use })}\n`)
  renameSync(`${file}.part`, file)
}

/** True where this very run made that folder, in an attempt that was cut off later. */
export function madeBefore(home: string, runId: string, stage: StageName, key: string): boolean {
  const use = stageUses(home, runId)[stage]
  return use?.key === key && use.made
}

export function forgetStageUses(home: string, runId: string): void {
  rmSync(fileOf(home, runId), { force: true })
}

/** The runs of the home that work with a folder of the cache, oldest name first. */
export function usersOf(home: string, stage: StageName, key: string): readonly { readonly runId: string; readonly made: boolean }[] {
  return runIds(home).flatMap((runId) => {
    const use = stageUses(home, runId)[stage]
    return use?.key === key ? [{ runId, made: use.made }] : []
  })
}

/** The folders in the home's runs/, in order. */
export function runIds(home: string): readonly string[] {
  try {
    return readdirSync(join(home, layout.runs)).toSorted()
  } catch {
    // The first run has not been made yet.
    return []
  }
}
