import { mkdir } from 'node:fs/promises'
import { appendFileSync, linkSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { runFolder } from '../../core/layout.ts'
import { describeJob, type JobSpec, jobOf } from '../../core/pipeline/job.ts'
import type { RunReport } from '../../core/run/report.ts'
import { isNamed, stageFolder } from '../../core/run/artefacts.ts'
import type { RunEvent, StageName } from '../../core/run/events.ts'
import type { StageLine } from '../../core/run/stage-line.ts'
import { madeBefore, noteStageUse } from '../cache/stage-uses.ts'
import { writeWhole } from '../settings.ts'
import { lineThinner } from './line-thinner.ts'
import { contentKey, readOutcome } from './outcome.ts'
import { lendPhotos, sha256Of, type SourceOf } from './photos-in.ts'
import { filesBelow, lend, placeFolder } from './place.ts'
import type { StagePrograms } from './programs.ts'
import { makerOf, reusedLine } from './reused.ts'
import type { RunOrder } from './runner.ts'
import { allEnded } from './settled.ts'
import { type Made, makeStage, StageFailed } from './stage-cache.ts'
import { stageKey, stageManifest } from './stage-key.ts'

/** An event without its time. */
export type Happening = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, 'at'> : never) : never

export type LocalParts = {
  readonly home: string
  readonly program: string
  readonly programs: StagePrograms
  readonly sourceOf: (order: RunOrder) => SourceOf
  readonly threads: () => number
  readonly now: () => Date
  readonly log: (line: string) => void
}

/** Addresses of the inputs that a laptop has no bucket for. */
export const localManifest = 'local:manifest'
export const localPhotos = 'local:photos'

export type StageSummary = RunReport['stages'][number]

/** The stages of one run as the state machine's Task states call them. */
export function localStages(parts: LocalParts, order: RunOrder, tell: (happening: Happening) => void) {
  const done: StageSummary[] = []
  const attempts = new Map<StageName, number>()
  let now: StageName | null = null

  const task = async (parameters: unknown): Promise<Record<string, unknown>> => {
    const spec = jobOf(parameters)
    now = spec.stage
    const key = await stageKey(spec.stage, parts.programs[spec.stage], spec.settings, await inputsKey(spec, order))
    const isOwn = madeBefore(parts.home, order.runId, spec.stage, key)
    noteStageUse(parts.home, order.runId, spec.stage, { key, made: isOwn })
    const made = await make(spec, key)
    const { tookMs, cpuMs, peakBytes, files, kind } = made.outcome
    const reusedFrom = made.reused && !isOwn ? makerOf(parts.home, order.runId, spec.stage, key) : null
    done.push({ stage: spec.stage, tookMs, cpuMs, peakBytes, reused: reusedFrom !== null, reusedFrom })
    if (made.reused) await tellReused(spec.stage, reusedFrom)
    else noteStageUse(parts.home, order.runId, spec.stage, { key, made: true })
    if (!made.reused && kind === 'done') tell({ kind: 'stage-done', stage: spec.stage, tookMs, cpuMs, peakBytes })
    for (const [name, { bytes, sha256 }] of Object.entries(files))
      if (isNamed(name)) tell({ kind: 'artefact', path: `${stageFolder[spec.stage]}/${name}`, bytes, sha256 })
    const hasScene = kind === 'done' || Object.keys(files).length > 0
    return describeJob(spec, kind === 'done' ? 'Completed' : 'Stopped', hasScene ? pathToFileURL(made.folder).href : '')
  }

  /** A stage that is not made again is told as one that is: in the events, in the run's progress and in its log. Null: this run made it. */
  const tellReused = async (stage: StageName, from: string | null): Promise<void> => {
    tell({ kind: 'stage-reused', stage, from: from ?? order.runId })
    if (from === null) return
    const line = await reusedLine(order.folder, stage, from, parts.now())
    keepLine(join(order.folder, runFolder.progress), line)
    keepText(join(order.folder, runFolder.logs, `${stage}.log`), `Reused from ${from}: nothing was made again.`)
    tell({ kind: 'line', line })
  }

  /** A stage of the run that this one starts from, placed in its folder already. */
  const takeEarlier = async (stage: StageName, from: string): Promise<void> => {
    const made = await readOutcome(join(order.folder, stageFolder[stage]))
    if (made !== null)
      done.push({ stage, tookMs: made.tookMs, cpuMs: made.cpuMs, peakBytes: made.peakBytes, reused: true, reusedFrom: from })
    await tellReused(stage, from)
  }

  const make = async (spec: JobSpec, key: string): Promise<Made> => {
    const attempt = (attempts.get(spec.stage) ?? 0) + 1
    attempts.set(spec.stage, attempt)
    const program = parts.programs[spec.stage]
    const thinner = lineThinner((line) => tell({ kind: 'line', line }))
    let partial = ''
    try {
      return await makeStage({
        home: parts.home,
        stage: spec.stage,
        key,
        program,
        settings: spec.settings,
        fill: (inputs) => fill(spec, inputs),
        take: (made) => placeFolder(made.folder, join(order.folder, stageFolder[spec.stage]), isResult),
        logFile: join(order.folder, runFolder.logs, `${spec.stage}.log`),
        stop: { ...order.stop, keep: keepFor(spec.stage) },
        hear: {
          waiting: (problem) => tell({ kind: 'warning', problem }),
          started: (resumed, folder) => {
            partial = folder
            tell({ kind: 'stage-started', stage: spec.stage, attempt, resumed })
          },
          line: (line) => {
            keepLine(join(order.folder, runFolder.progress), line)
            if (line.step === 'checkpoint') showCheckpoint(partial, join(order.folder, stageFolder[spec.stage]), line)
            thinner.line(line)
          },
        },
      })
    } catch (error) {
      // Tried again by the definition; the person hears of it.
      if (error instanceof StageFailed && error.trouble.passing) tell({ kind: 'warning', problem: error.trouble.problem })
      throw error
    } finally {
      thinner.flush()
    }
  }

  // What was kept of a stopped training must still be compressed: the wish to stop is fulfilled by then.
  const keepFor = (stage: StageName): AbortSignal =>
    stage === 'compression' && order.stop.keep.aborted ? new AbortController().signal : order.stop.keep

  const fill = async (spec: JobSpec, inputs: string): Promise<() => Promise<void>> => {
    const looks = await allEnded(spec.inputs.map(({ name, uri }) => fillOne(join(inputs, name), uri)))
    return async () => {
      for (const look of looks) await look()
    }
  }
  const fillOne = async (folder: string, uri: string): Promise<() => Promise<void>> => {
    const manifest = stageManifest(order.manifest)
    if (uri === localPhotos) return lendPhotos(manifest.photos, parts.sourceOf(order), folder)
    if (uri === localManifest) await writeWhole(join(folder, 'manifest.json'), JSON.stringify(manifest))
    else await lendFolder(fileURLToPath(uri), folder)
    return async () => undefined
  }
  return { task, done, takeEarlier, current: () => now }
}

export type LocalStages = ReturnType<typeof localStages>

// A stage's own working files and its last word about itself stay in the cache.
function isResult(name: string): boolean {
  return !name.startsWith('work/') && name !== 'failure.json' && name !== 'progress.jsonl' && !name.endsWith('.part')
}

async function lendFolder(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  for (const name of (await filesBelow(from)).filter(isResult)) await lend(join(from, name), join(to, name))
}

/** What decides a stage's result beside its code and settings. */
async function inputsKey(spec: JobSpec, order: RunOrder): Promise<unknown> {
  const folder = spec.inputs.map((one) => one.uri).find((uri) => uri.startsWith('file:'))
  return folder === undefined ? stageManifest(order.manifest) : folderKey(fileURLToPath(folder), spec.stage === '3dgs' ? 'sfm' : '3dgs')
}

/** The content of a stage's folder as a key; of a folder without an outcome (brought from elsewhere) by its files. */
async function folderKey(folder: string, made: StageName): Promise<string> {
  const outcome = await readOutcome(folder)
  if (outcome) return contentKey(outcome)
  const names = (await filesBelow(folder)).filter(isResult)
  const files = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, { bytes: 0, sha256: await sha256Of(join(folder, name)) }] as const)),
  )
  return contentKey({ kind: 'done', stage: made, tookMs: 0, cpuMs: 0, peakBytes: 0, files })
}

/** Shows a checkpoint in the run's folder while the stage still works, so that every door and process can open it. A link costs no space. */
function showCheckpoint(partial: string, folder: string, line: StageLine): void {
  const name = line.metrics['file']
  if (typeof name !== 'string' || !name.endsWith('.ply') || name.split('/').includes('..')) return
  try {
    // At once, not in turn: whoever hears of the checkpoint may open it.
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    rmSync(join(folder, name), { force: true })
    linkSync(join(partial, name), join(folder, name))
  } catch {
    // No preview where the disk has no links, or it is gone again by now; the result itself is placed at the end.
  }
}

function keepLine(file: string, line: StageLine): void {
  keepText(file, JSON.stringify(line))
}

function keepText(file: string, text: string): void {
  try {
    appendFileSync(file, `${text}\n`)
  } catch {
    // A full disk ends the stage itself with a Problem; the line is in the history all the same.
  }
}
