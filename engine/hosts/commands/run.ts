import path from 'node:path'
import { problem } from '../../../core/problem.ts'
import { hasEnded } from '../../../core/run/reduce.ts'
import { PipelineStep, Preset, type RunSettings, settingsOf, usualPreset } from '../../../core/run/settings.ts'
import type { Engine } from '../../engine.ts'
import type { Check } from '../../intake/check-event.ts'
import { type Context, textFlag } from '../command.ts'
import { type ExitCode, exitCode } from '../exit-code.ts'
import { leastPhotos } from '../../run/freeze.ts'
import { printable, wrap } from '../terminal/words.ts'
import { verdictMark } from '../views/check-view.ts'
import { tellEnd } from './end-of-run.ts'
import { copyResults } from './copy-results.ts'
import { withEngine } from './engine.ts'
import { followCheck } from './follow-check.ts'
import { followRun } from './follow-run.ts'
import { requireSetup } from './set-up.ts'
import { unfinishedTwin } from './unfinished-run.ts'
import { UsageError } from './usage-error.ts'

/** Checks a folder, runs the pipeline on it and follows it to its end. */
export async function run(context: Context): Promise<ExitCode> {
  const settings = settingsFrom(context)
  if (settings.where === 'local') requireSetup(context.program)
  return await withEngine(context, async (engine) => await checkAndRun(engine, settings, context))
}

async function checkAndRun(engine: Engine, settings: RunSettings, context: Context): Promise<ExitCode> {
  const { terminal, signal } = context
  // Before minutes of checking: is there such an account at all?
  if (settings.where !== 'local') engine.requireAccount(settings.where)
  const folder = path.resolve(context.words[0] ?? '.')
  const { captureId, events } = await engine.checkCapture(folder, signal)
  const check = await followCheck(events, context)
  if (check === null || signal.aborted) return stoppedEarly(context)
  terminal.status.done()
  tellVerdict(check, context)
  if (check.verdict.kind === 'unusable' && context.flags['anyway'] !== true) return refused(check, context)
  const out = textFlag(context, 'out')
  const outDir = out === undefined ? undefined : path.resolve(out)
  const twin = await unfinishedTwin(engine, context.home, { captureId, settings, check })
  if (twin !== null) return await goOn(engine, twin, outDir, context)
  const { runId } = await engine.startRun(captureId, settings, outDir === undefined ? {} : { outDir })
  const state = await followRun(engine, runId, context)
  return tellEnd({ runId, state, folder: engine.runFolder(runId), out: outDir ?? null }, terminal)
}

/** Goes on with a run that was left; its results are copied at the end, since it may have been asked for another folder. */
async function goOn(engine: Engine, runId: string, outDir: string | undefined, context: Context): Promise<ExitCode> {
  context.terminal.note(`Going on with ${runId}.`)
  await engine.handlers['runs.resume']({ runId })
  const state = await followRun(engine, runId, context)
  const folder = engine.runFolder(runId)
  if (outDir !== undefined && hasEnded(state)) for await (const _ of copyResults(folder, outDir)) if (context.signal.aborted) break
  return tellEnd({ runId, state, folder, out: outDir ?? null }, context.terminal)
}

/** The settings that the flags ask for; a wrong value is wrong usage. */
function settingsFrom(context: Context): RunSettings {
  const step = choice('step', textFlag(context, 'step') ?? 'full', PipelineStep.options)
  const preset = choice('preset', textFlag(context, 'preset') ?? usualPreset, Preset.options)
  const fromRun = textFlag(context, 'from') ?? null
  if (step === 'full' && fromRun !== null) throw new UsageError('--from goes with --step 3dgs or --step compression.')
  if (step !== 'full' && fromRun === null) throw new UsageError(`--step ${step} needs --from RUN: the run that it builds on.`)
  return settingsOf(preset, { step, fromRun, where: textFlag(context, 'where') ?? 'local', capUsd: cap(textFlag(context, 'cap')) })
}

function choice<T extends string>(flag: string, given: string, known: readonly T[]): T {
  const found = known.find((one) => one === given)
  if (found === undefined) throw new UsageError(`--${flag} ${given} is not known: it is one of ${known.join(', ')}.`)
  return found
}

function cap(given: string | undefined): number | null {
  if (given === undefined) return null
  const usd = Number(given)
  if (!(Number.isFinite(usd) && usd > 0)) throw new UsageError(`--cap ${given} is not an amount in US dollars above 0.`)
  return usd
}

function tellVerdict(check: Check, { terminal, flags }: Context): void {
  if (terminal.json)
    terminal.value({
      kind: 'checked',
      verdict: check.verdict,
      photos: check.photos.length,
      skipped: check.skipped.length,
      tookMs: check.tookMs,
    })
  // An unusable capture that is not run is told by its Problem alone.
  if (check.verdict.kind === 'unusable' && flags['anyway'] !== true) return
  const [first = '', why] = check.verdict.because
  terminal.note(`${verdictMark(check.verdict, terminal.paintNotes)}  ${first.replace(/^(Ready|Risky|Unusable):\s*/, '')}`)
  // How many should register does not say where the risk lies.
  if (check.verdict.kind !== 'ready' && why !== undefined) terminal.note(`  ${wrap(printable(why), terminal.columns - 2, '  ')}`)
}

function stoppedEarly({ terminal }: Context): ExitCode {
  terminal.status.done()
  if (terminal.json) terminal.value({ kind: 'stopped', runId: null, kept: false })
  terminal.note('Stopped before the run was started. The same command goes on from here.')
  return exitCode.stopped
}

/** An unusable capture is not run: the worst finding is the Problem. */
function refused(check: Check, { terminal }: Context): ExitCode {
  const worst = check.findings.find((one) => one.severity === 'error')
  const what = worst?.what ?? check.verdict.because[0] ?? 'These photos will not become a scene.'
  const told = problem(
    worst?.code ?? 'capture/unusable',
    what,
    `${worst?.remedy ?? 'Take more photos that overlap.'}${canBeForced(check) ? ' To run it in spite of the check: --anyway.' : ''}`,
  )
  if (terminal.json) terminal.value({ kind: 'failed', runId: null, problem: told })
  terminal.problem(told)
  return exitCode.unusable
}

/** False where a run would refuse the photos in any case: structure from motion needs three. */
function canBeForced(check: Check): boolean {
  return check.photos.length - check.leftOut.length >= leastPhotos
}
