import { appendFileSync, existsSync, mkdirSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { fingerprint, sweepParts, writeJson } from './files.ts'
import { readFolders, sagemakerRoot } from './folders.ts'
import { StageFailure, asFailure } from './problem.ts'

/** CONTRACT.md: ten seconds after the parent's death nothing of the stage is left; one second in hand. */
const LEAVE_AFTER_MS = 9_000
/** CONTRACT.md: a line at least every ten seconds of work. */
const LONGEST_SILENCE_MS = 8_000

export type Stage<S> = {
  readonly inputs: string
  readonly out: string
  readonly settings: S
  /** Aborted by SIGTERM, SIGINT, a line `stop` on stdin, or the parent's death. */
  readonly signal: AbortSignal
  readonly progress: (step: string, done: number, total: number, unit: string, metrics?: Record<string, number>) => void
  readonly warn: (code: string, what: string, remedy: string) => void
  readonly deliver: (...names: string[]) => void
}

/** Runs `body` under containers/CONTRACT.md and returns the exit code. */
export async function runStage<S>(
  name: string,
  argv: readonly string[],
  readSettings: (document: unknown) => S,
  body: (stage: Stage<S>) => Promise<void>,
): Promise<number> {
  const began = performance.now()
  const signal = listenForStop()
  let out: string | undefined
  let beat: NodeJS.Timeout | undefined
  try {
    const folders = readFolders(argv)
    out = prepareOut(folders.out)
    const lines = lineWriter(name, out)
    beat = setInterval(lines.repeat, 1_000)
    const delivered: string[] = []
    const settings = readSettings(folders.settings)
    const deliver = (...names: string[]): void => void delivered.push(...names)
    const kind = await body({ ...folders, settings, signal, deliver, ...lines }).then(
      () => (signal.aborted ? 'stopped' : 'done'),
      (error: unknown) => {
        if (!signal.aborted) throw error
        return 'stopped' // What was under way is left; whole files stay.
      },
    )
    const files = Object.fromEntries(await Promise.all(delivered.map(async (f) => [f, await fingerprint(join(folders.out, f))])))
    const usage = process.resourceUsage()
    // Threads count: the tool runs in one.
    const cpuMs = Math.round((usage.userCPUTime + usage.systemCPUTime) / 1000)
    const tookMs = Math.round(performance.now() - began)
    writeJson(join(out, 'outcome.json'), { kind, stage: name, tookMs, cpuMs, peakBytes: usage.maxRSS * 1024, files })
    return 0
  } catch (error) {
    if (!(error instanceof StageFailure)) console.error(error)
    return fail(name, asFailure(error), out)
  } finally {
    clearInterval(beat)
  }
}

function prepareOut(out: string): string {
  try {
    mkdirSync(out, { recursive: true })
    for (const name of ['outcome.json', 'failure.json']) rmSync(join(out, name), { force: true })
    sweepParts(out)
    return out
  } catch (error) {
    const what = `The folder ${out} cannot be written: ${(error as Error).message}`
    throw new StageFailure(73, 'run/disk', what, 'Choose a folder that can be written.', { cause: error })
  }
}

function fail(name: string, failure: StageFailure, out: string | undefined): number {
  const problem = { code: failure.code, what: failure.message, remedy: failure.remedy }
  console.error(`${name}: ${problem.what} ${problem.remedy}`)
  const folder = join(sagemakerRoot(), 'output')
  const line = `${problem.code}: ${problem.what} ${problem.remedy}`.replaceAll('\n', ' ').slice(0, 1024)
  try {
    if (out !== undefined) writeJson(join(out, 'failure.json'), problem)
    if (existsSync(folder)) for (const file of ['failure', 'message']) writeFileSync(join(folder, file), line)
  } catch (error) {
    console.error(error) // A full disk: the exit code says it.
  }
  return failure.exitCode
}

function lineWriter(stage: string, out: string): Pick<Stage<unknown>, 'progress' | 'warn'> & { repeat: () => void } {
  let last: object | undefined
  let writtenAt = 0
  const write = (body: object): void => {
    const line = JSON.stringify({ at: new Date().toISOString(), stage, ...body }) + '\n'
    writtenAt = performance.now()
    try {
      writeSync(1, line)
    } catch {
      // Nobody listens any more; the parent's pipe decides whether to go on, and the file keeps the lines.
    }
    appendFileSync(join(out, 'progress.jsonl'), line)
  }
  return {
    progress: (step, done, total, unit, metrics = {}) => write((last = { step, done, total, unit, metrics })),
    warn: (code, what, remedy) => write({ step: 'warning', problem: { code, what, remedy } }),
    repeat: () => {
      if (last !== undefined && performance.now() - writtenAt > LONGEST_SILENCE_MS) write(last)
    },
  }
}

function listenForStop(): AbortSignal {
  const stop = new AbortController()
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => stop.abort())
  if (process.env['SPACEPORT_PARENT_PIPE'] === '1') {
    let heard = ''
    process.stdin.on('data', (data) => {
      heard = (heard + data.toString()).slice(-1024)
      if (heard.split('\n').some((line) => line.trim() === 'stop')) stop.abort()
    })
    process.stdin.on('close', () => {
      stop.abort()
      setTimeout(() => process.exit(75), LEAVE_AFTER_MS).unref()
    })
    process.stdin.unref?.()
  }
  return stop.signal
}
