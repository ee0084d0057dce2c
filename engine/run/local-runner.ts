import { mkdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions'
import type { Manifest } from '../../core/capture/manifest.ts'
import { runFolder } from '../../core/layout.ts'
import { type PipelineInput, pipelineInput } from '../../core/pipeline/prepare.ts'
import { type Problem, ProblemError, problem, problemOf } from '../../core/problem.ts'
import { stageFolder } from '../../core/run/artefacts.ts'
import type { RunEvent, StageName } from '../../core/run/events.ts'
import type { RunSettings } from '../../core/run/settings.ts'
import { historyProblem } from '../history/trouble.ts'
import { writeWhole } from '../settings.ts'
import { earlierStages, type Earlier } from './earlier.ts'
import { eventQueue } from './event-queue.ts'
import { discardRun } from '../cache/discard.ts'
import { type Happening, type LocalParts, type LocalStages, localManifest, localPhotos, localStages } from './local-stages.ts'
import { placeFolder } from './place.ts'
import { writeReport } from './report.ts'
import type { RunOrder, Runner } from './runner.ts'
import { neededBytes, spaceProblem } from './space.ts'
import { StageEnded, StageFailed } from './stage-cache.ts'
import { reusableStages } from './reusable.ts'

/** Runs the pipeline on this machine: the deployed definition itself, its Task states handed to child processes. */
export function localRunner(parts: LocalParts): Runner {
  return {
    run: (order) => {
      const events = eventQueue<RunEvent>()
      const tell = (happening: Happening): void => events.push({ at: parts.now().toISOString(), ...happening })
      return (async function* () {
        const work = runPipeline(parts, order, tell).finally(events.close)
        // Awaited below; until then its failure is nobody's surprise.
        work.catch(() => undefined)
        try {
          yield* events
        } finally {
          // Whoever stops listening has asked for the end: the run is over when its process is gone.
          await work
        }
      })()
    },
    reusable: (manifest: Manifest, settings: RunSettings) =>
      reusableStages(parts, manifest, inputOf('r-quote0', settings, {}, parts.threads())),
  }
}

async function runPipeline(parts: LocalParts, order: RunOrder, tell: (happening: Happening) => void): Promise<void> {
  tell({ kind: 'started', where: 'local', resumed: order.resumed })
  try {
    await executeDefinition(parts, order, tell)
  } catch (error) {
    if (order.stop.end.aborted) return
    const known = problemOf(historyProblem(error, parts.home))
    if (known === undefined) throw error
    tell({ kind: 'failed', stage: null, problem: known })
  } finally {
    if (order.stop.end.aborted && order.stop.end.reason === 'discard') {
      await discardRun(parts.home, order.runId)
      tell({ kind: 'stopped', kept: false })
    }
  }
}

/** Makes the run's folder with its manifest and what is taken from an earlier run. */
async function prepareFolder(parts: LocalParts, order: RunOrder, stages: LocalStages): Promise<Earlier> {
  await mkdir(join(order.folder, runFolder.logs), { recursive: true })
  const short = await spaceProblem(order.folder, neededBytes(order.manifest, order.settings))
  if (short) throw new ProblemError(short)
  await writeWhole(join(order.folder, runFolder.manifest), `${JSON.stringify(order.manifest, null, 1)}\n`)
  const earlier = await earlierStages(parts.home, order.settings)
  for (const [stage, folder] of Object.entries(earlier.folders) as [StageName, string][]) {
    await placeFolder(folder, join(order.folder, stageFolder[stage]))
    await stages.takeEarlier(stage, earlier.name)
  }
  return earlier
}

function inputOf(runId: string, settings: RunSettings, folders: Earlier['folders'], threads: number): PipelineInput {
  const uri = (folder: string | undefined): string | null => (folder === undefined ? null : pathToFileURL(folder).href)
  // A laptop's stages write to the cache, under a key that only the stage's start can compute.
  const outputs = { sfm: 'local:sfm', train: 'local:3dgs', checkpoints: 'local:3dgs/checkpoints', compression: 'local:compression' }
  return pipelineInput(
    runId,
    settings,
    { inputs: { manifest: localManifest, photos: localPhotos }, outputs, sparse: uri(folders.sfm), scene: uri(folders['3dgs']) },
    threads,
  )
}

// Short on a laptop: nobody else's machines have to become free.
const pauseMs = 1000

async function executeDefinition(parts: LocalParts, order: RunOrder, tell: (happening: Happening) => void): Promise<void> {
  const definition = JSON.parse(
    await readFile(join(parts.program, 'backend', 'pipeline', 'reconstruct.asl.json'), 'utf8'),
  ) as StateMachineDefinition
  const stages = localStages(parts, order, tell)
  const earlier = await prepareFolder(parts, order, stages)
  const ending = endings(parts, order, stages, tell)
  const task = guarded(stages.task, ending.remember)
  const input = inputOf(order.runId, order.settings, earlier.folders, parts.threads())
  // definition.test.ts validates these very bytes; here it would cost each run a second.
  const execution = new StateMachine(definition, { validationOptions: { noValidate: true } }).run(input, {
    noThrowOnAbort: true,
    overrides: {
      taskResourceLocalHandlers: {
        Sfm: task,
        Train: task,
        Compress: task,
        Report: guarded(ending.report, ending.remember),
        NotifySuccess: ending.success,
        NotifyStopped: ending.stopped,
        NotifyFailure: ending.failure,
      },
      waitTimeOverrides: { Pause: pauseMs },
    } as never,
  })
  order.stop.end.addEventListener('abort', execution.abort, { once: true })
  if (order.stop.end.aborted) execution.abort()
  // The interpreter leaves its handlers running when it is aborted; the run is over only when the stage's process is gone.
  const result = await execution.result.catch((error: unknown) => error)
  await Promise.all([task.idle(), ending.idle()])
  order.stop.end.removeEventListener('abort', execution.abort)
  if (!ending.told() && !order.stop.end.aborted) throw new Error('the pipeline ended without an outcome', { cause: result })
}

type Handler = (parameters: unknown) => Promise<Record<string, unknown>>

/** Turns what a handler throws into what SageMaker would say, and remembers the reason. */
function guarded(handler: Handler, remember: (error: unknown) => void): Handler & { idle: () => Promise<unknown> } {
  let now: Promise<unknown> = Promise.resolve()
  const run: Handler = async (parameters) => {
    const work = handler(parameters)
    now = work.catch(() => undefined)
    try {
      return await work
    } catch (error) {
      remember(error)
      throw asJobError(error)
    }
  }
  return Object.assign(run, { idle: () => now })
}

function asJobError(error: unknown): Error {
  const passing = error instanceof StageFailed && error.trouble.passing
  const said = error instanceof Error ? error.message : String(error)
  const cause = { FailureReason: `${passing ? 'InternalServerError' : 'AlgorithmError'}: ${said}`, Status: 'Failed' }
  return Object.assign(new Error(JSON.stringify(cause)), { name: 'States.TaskFailed' })
}

/** What the states at the end of the definition do on this machine. */
function endings(parts: LocalParts, order: RunOrder, stages: LocalStages, tell: (happening: Happening) => void) {
  let reason: unknown = null
  let told = false
  let working: Promise<unknown> = Promise.resolve()
  const end = (happening: Happening): Record<string, unknown> => {
    if (order.stop.end.aborted) return {}
    told = true
    tell(happening)
    return {}
  }
  return {
    remember: (error: unknown): void => void (reason = error),
    told: () => told,
    idle: () => working,
    report: async (): Promise<Record<string, unknown>> => ({ Payload: { score: (await writeReport(order.folder, stages.done)).score } }),
    success: async (parameters: unknown) => end({ kind: 'done', score: scoreIn(parameters) }),
    stopped: async () => {
      const work = hasScene(order.folder)
      working = work
      return end({ kind: 'stopped', kept: await work })
    },
    failure: async (parameters: unknown) => {
      if (reason instanceof StageEnded) return {}
      const { problem: why, log } = whyFailed(reason, parameters, parts)
      return end({ kind: 'failed', stage: stages.current(), problem: why, log })
    },
  }
}

function scoreIn(parameters: unknown): number | null {
  return (parameters as { Payload: { report: { score: number | null } } }).Payload.report.score
}

async function hasScene(folder: string): Promise<boolean> {
  const found = await Promise.all(
    [runFolder.scenePly, runFolder.sog].map((name) =>
      stat(join(folder, name)).then(
        (one) => one.size > 0,
        () => false,
      ),
    ),
  )
  return found.some(Boolean)
}

function whyFailed(reason: unknown, parameters: unknown, parts: LocalParts): { problem: Problem; log: readonly string[] } {
  if (reason instanceof StageFailed) return { problem: reason.trouble.problem, log: reason.lastLines }
  const known = problemOf(historyProblem(reason, parts.home))
  if (known) return { problem: known, log: [] }
  const said = (parameters as { Payload?: { error?: { Error?: string; Cause?: string } } }).Payload?.error
  if (reason === null)
    return {
      problem: problem('run/refused', said?.Cause ?? 'The pipeline refused its input.', 'Choose the step and the run to start from again.'),
      log: [],
    }
  const surprise = reason instanceof Error ? reason : new Error(JSON.stringify(reason))
  parts.log(surprise.stack ?? surprise.message)
  return {
    problem: problem(
      'engine/crash',
      `The run ended unexpectedly: ${surprise.message}`,
      'Run it again: what is finished is not made twice. If it happens twice, report it with the log.',
    ),
    log: [],
  }
}
