import { readFile, stat } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import type { StageName } from '../../core/run/events.ts'
import { deliverables } from '../../core/run/artefacts.ts'

/** outcome.json, as containers/CONTRACT.md has it. */
export const Outcome = z.object({
  kind: z.enum(['done', 'stopped']),
  stage: z.enum(['sfm', '3dgs', 'compression']),
  tookMs: z.number(),
  cpuMs: z.number(),
  peakBytes: z.number(),
  files: z.record(z.string(), z.object({ bytes: z.number(), sha256: z.string() })),
})
export type Outcome = z.infer<typeof Outcome>

/** The outcome in a stage's folder; null where it is absent or not whole: such a folder is unfinished. */
export async function readOutcome(folder: string): Promise<Outcome | null> {
  try {
    const read = Outcome.safeParse(JSON.parse(await readFile(join(folder, 'outcome.json'), 'utf8')))
    return read.success ? read.data : null
  } catch {
    return null
  }
}

/** Each file that an outcome names is there with its size, and the deliverables of its stage are among them. */
export async function isWhole(folder: string, outcome: Outcome): Promise<boolean> {
  if (!deliverables[outcome.stage].every((name) => name in outcome.files)) return false
  const found = await Promise.all(
    Object.entries(outcome.files).map(([name, { bytes }]) =>
      stat(join(folder, name)).then(
        (one) => one.size === bytes,
        () => false,
      ),
    ),
  )
  return found.every(Boolean)
}

// Times and memory differ between two runs that made the same thing; the files' hashes do not. Reports hold times, so of a stage only
// what the next one reads counts.
const readByNext: Readonly<Record<StageName, RegExp>> = { sfm: /^(sparse|images)\//, '3dgs': /^scene\.ply$/, compression: /^scene\./ }

/** What a stage made, as one hash over the files that the next stage reads. */
export function contentKey(outcome: Outcome): string {
  const hash = createHash('sha256')
  for (const name of Object.keys(outcome.files).sort())
    if (readByNext[outcome.stage].test(name)) hash.update(`${name}\0${outcome.files[name]?.sha256}\n`)
  return hash.digest('hex')
}
