import { mkdir, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { home as layout } from '../../core/layout.ts'
import { type Problem, problem } from '../../core/problem.ts'
import type { StageName } from '../../core/run/events.ts'
import type { StageLine } from '../../core/run/stage-line.ts'
import { type Lock, takeLock } from '../lock.ts'
import { exitTrouble, type StageTrouble } from './exit-problem.ts'
import { launch, type StopSignals } from './launch-process.ts'
import { afterOrphan, notePid } from './orphan.ts'
import { isWhole, type Outcome, readOutcome } from './outcome.ts'
import { syncFiles } from './place.ts'
import type { StageProgram } from './programs.ts'

/** A stage's folder with what it made. */
export type Made = { readonly folder: string; readonly outcome: Outcome; readonly reused: boolean }

export type StageOrder = {
  readonly home: string
  readonly stage: StageName
  readonly key: string
  readonly program: StageProgram
  readonly settings: Readonly<Record<string, unknown>>
  /** Fills the stage's input folder; returns a second look for after the stage, which throws where the inputs changed meanwhile. */
  readonly fill: (inputs: string) => Promise<() => Promise<void>>
  /** Takes what was made or found, while nobody can remove it. */
  readonly take: (made: Made) => Promise<void>
  readonly logFile: string
  readonly stop: StopSignals
  readonly hear: StageHearing
}

/** Told while a stage is made. */
export type StageHearing = {
  readonly waiting: (why: Problem) => void
  readonly started: (resumed: boolean, partial: string) => void
  readonly line: (line: StageLine) => void
}

/** The stage did not make it. `lastLines`: the end of its log. */
export class StageFailed extends Error {
  readonly trouble: StageTrouble
  readonly lastLines: readonly string[]
  constructor(trouble: StageTrouble, lastLines: readonly string[]) {
    super(trouble.problem.what)
    this.name = 'StageFailed'
    this.trouble = trouble
    this.lastLines = lastLines
  }
}

/** The run was ended while a stage worked; nobody waits for its result. */
export class StageEnded extends Error {}

/** The folder of a finished stage, or null; one that is not whole is thrown away. */
export async function findStage(home: string, stage: StageName, key: string): Promise<Made | null> {
  const folder = join(home, layout.stage(stage, key))
  const outcome = await readOutcome(folder)
  if (outcome?.kind === 'done' && (await isWhole(folder, outcome))) return { folder, outcome, reused: true }
  return null
}

/** Makes what a stage makes, or finds it made. Two engines never make the same thing at the same time. */
export async function makeStage(order: StageOrder): Promise<Made> {
  const lock = await lockStage(order)
  try {
    const made = (await findStage(order.home, order.stage, order.key)) ?? (await makeNew(order))
    // Its last use, for whoever keeps the cache within its limit.
    await utimes(made.folder, new Date(), new Date())
    await order.take(made)
    return made
  } finally {
    lock.release()
  }
}

async function lockStage({ home, stage, key, stop, hear }: StageOrder): Promise<Lock> {
  let told = false
  for (;;) {
    if (stop.end.aborted) throw new StageEnded()
    const lock = takeLock(home, `stage-${stage}-${key}`)
    if (lock) return lock
    if (!told)
      hear.waiting(
        problem(
          'run/elsewhere',
          `The stage ${stage} of the same photos and settings is being made by another run.`,
          'Nothing needs to be done: its result is used here too.',
        ),
      )
    told = true
    await wait(250)
  }
}

async function makeNew(order: StageOrder): Promise<Made> {
  const folder = join(order.home, layout.stage(order.stage, order.key))
  const partial = `${folder}.partial`
  const beside = `${folder}.in`
  await afterOrphan(`${beside}/pid`, partial)
  // Not whole (someone deleted in the cache by hand): made again.
  await rm(folder, { recursive: true, force: true })
  await rm(beside, { recursive: true, force: true })
  await mkdir(join(beside, 'inputs'), { recursive: true })
  await mkdir(partial, { recursive: true })
  try {
    const lookAgain = await order.fill(join(beside, 'inputs'))
    await writeFile(join(beside, 'settings.json'), JSON.stringify(order.settings))
    order.hear.started((await readdir(partial)).length > 0, partial)
    const outcome = await runProgram(order, beside, partial, lookAgain)
    if (outcome.kind === 'stopped') return { folder: partial, outcome, reused: false }
    await syncFiles(partial, ['outcome.json', ...Object.keys(outcome.files)])
    await rename(partial, folder)
    return { folder, outcome, reused: false }
  } finally {
    await rm(beside, { recursive: true, force: true })
  }
}

async function runProgram(order: StageOrder, beside: string, partial: string, lookAgain: () => Promise<void>): Promise<Outcome> {
  const { program, stop, hear, logFile, stage } = order
  const args = [...program.args, '--in', join(beside, 'inputs'), '--out', partial, '--settings', join(beside, 'settings.json')]
  let noted = Promise.resolve()
  const exit = await launch({
    command: program.command,
    args,
    cwd: program.cwd,
    logFile,
    onLine: hear.line,
    stop,
    onStart: (pid) => void (noted = notePid(join(beside, 'pid'), pid)),
  }).catch((cause: Error & { code?: string }) => {
    throw new StageFailed(
      {
        problem: problem(
          'run/no-program',
          `The stage ${stage} cannot be started: ${program.command} ${cause.code === 'ENOENT' ? 'is missing' : `(${cause.code})`}.`,
          'Run the set-up (`npm run setup`), then start again.',
        ),
        passing: false,
      },
      [],
    )
  })
  await noted
  await rm(join(beside, 'pid'), { force: true })
  if (stop.end.aborted) throw new StageEnded()
  // A photo that changed explains both a failure and a result that is not to be trusted.
  await lookAgain()
  const outcome = exit.code === 0 ? await readOutcome(partial) : null
  if (outcome === null) throw new StageFailed(await exitTrouble(stage, partial, exit), exit.lastLines)
  if (outcome.kind === 'done' && !(await isWhole(partial, outcome)))
    throw new StageFailed(
      {
        problem: problem(
          'run/not-whole',
          `The stage ${stage} left files that are not whole.`,
          'Look at the free space of the disk, then run it again.',
        ),
        passing: false,
      },
      exit.lastLines,
    )
  return outcome
}
