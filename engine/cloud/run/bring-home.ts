import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { JobState } from '../../../core/cloud/api.ts'
import { newLines } from '../../../core/cloud/follow.ts'
import { runFolder } from '../../../core/layout.ts'
import { ProblemError, problemOf } from '../../../core/problem.ts'
import { isNamed, stageFolder } from '../../../core/run/artefacts.ts'
import { type RunEvent, type StageName, stageNames } from '../../../core/run/events.ts'
import { StageLine } from '../../../core/run/stage-line.ts'
import { earlierStages } from '../../run/earlier.ts'
import { readJson } from '../../run/measure.ts'
import { readOutcome } from '../../run/outcome.ts'
import { placeFolder } from '../../run/place.ts'
import { Report } from '../../run/report.ts'
import { writeWhole } from '../../settings.ts'
import type { CloudRun } from './cloud-run.ts'

/** Brings the results into the run's folder, each proven, and tells what is in them; returns the score. Throws ProblemError where it cannot. */
export async function* bringHome(run: CloudRun, state: JobState): AsyncGenerator<RunEvent, number | null> {
  const { order, parts } = run
  const { folder, runId, settings } = order
  await mkdir(join(folder, runFolder.logs), { recursive: true })
  for await (const event of parts.fetch(runId, settings.where, { folder, file: placeOf(state) }, order.leave))
    if (event.kind === 'failed') throw new ProblemError(event.problem)
  order.leave.throwIfAborted()
  await takeEarlier(run)
  yield* linesAtHome(run)
  for (const stage of stageNames) yield* filesOf(run, stage)
  return (await readJson(join(folder, runFolder.report), Report))?.score ?? null
}

/** SageMaker puts a training job's scene below the job's name; at home a run has one, in the stage's own folder. */
function placeOf({ jobs }: JobState): (file: string) => string | null {
  const scene = jobs.findLast((job) => job.stage === '3dgs' && job.startedAt !== null)
  const model = /^3dgs\/([^/]+)\/output\/model\/(.+)$/
  return (file) => {
    const found = model.exec(file)
    if (found) return found[1] === scene?.name ? `${stageFolder['3dgs']}/${found[2]}` : null
    // Its own copies of manifest and list of photos are the account's business.
    return /^(photos-[0-9a-f]+\.manifest|inputs-[0-9a-f]+\/manifest\.json)$/.test(file) ? null : file
  }
}

/** The cameras of a scene lie in the run that it goes on from: taken along where that one is on this machine. */
async function takeEarlier({ order, parts }: CloudRun): Promise<void> {
  if (order.settings.step === 'full') return
  try {
    const earlier = await earlierStages(parts.home, order.settings)
    for (const [stage, from] of Object.entries(earlier.folders) as [StageName, string][])
      await placeFolder(from, join(order.folder, stageFolder[stage]))
  } catch (error) {
    if (!problemOf(error)) throw error
  }
}

const files: Readonly<Record<StageName, readonly string[]>> = {
  sfm: ['sfm/progress.jsonl'],
  '3dgs': ['3dgs/checkpoints/progress.jsonl', '3dgs/progress.jsonl'],
  compression: ['compression/progress.jsonl'],
}

/** The lines that came after the last look, and the run's own list of all of them. */
async function* linesAtHome(run: CloudRun): AsyncGenerator<RunEvent> {
  const { folder, runId } = run.order
  for (const stage of stageNames) for (const file of files[stage]) yield* run.tell(newLines(run.seen(), await linesIn(join(folder, file))))
  const all = run.parts.past(runId).flatMap((event) => (event.kind === 'line' ? [`${JSON.stringify(event.line)}\n`] : []))
  await writeWhole(join(folder, runFolder.progress), all.join(''))
}

async function linesIn(file: string): Promise<readonly StageLine[]> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return text.split('\n').flatMap((one) => {
    try {
      return [StageLine.parse(JSON.parse(one))]
    } catch {
      return []
    }
  })
}

async function* filesOf(run: CloudRun, stage: StageName): AsyncGenerator<RunEvent> {
  const outcome = await readOutcome(join(run.order.folder, stageFolder[stage]))
  for (const [name, { bytes, sha256 }] of Object.entries(outcome?.files ?? {}))
    if (isNamed(name)) yield* run.tell([{ at: run.now(), kind: 'artefact', path: `${stageFolder[stage]}/${name}`, bytes, sha256 }])
}
