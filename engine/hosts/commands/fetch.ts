import { cp, mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { problem, ProblemError } from '../../../core/problem.ts'
import { type Context, textFlag } from '../command.ts'
import { type ExitCode, exitCode } from '../exit-code.ts'
import { counted, sizeText } from '../terminal/words.ts'
import { withEngine } from './engine.ts'
import { UsageError } from './usage-error.ts'

/** Copies a run's results into a folder. */
export async function run(context: Context): Promise<ExitCode> {
  const { terminal, signal } = context
  const runId = context.words[0] ?? ''
  const out = textFlag(context, 'out')
  if (out === undefined) throw new UsageError('--out DIR is missing: a run on this machine is in the library already.')
  return await withEngine(context, async (engine) => {
    await engine.handlers['runs.get']({ runId })
    const from = engine.runFolder(runId)
    const files = await filesOf(from)
    let bytes = 0
    for (const [at, file] of files.entries()) {
      if (signal.aborted) return stopped(context, runId)
      bytes += await copyWhole(path.join(from, file), path.join(out, file))
      terminal.status.show([`Copying ${at + 1} of ${counted(files.length, 'file')}, ${sizeText(bytes)}`])
      if (terminal.json) terminal.value({ kind: 'file', file, done: at + 1, total: files.length })
    }
    terminal.status.done()
    if (terminal.json) terminal.value({ kind: 'done', runId, folder: path.resolve(out), files: files.length, bytes })
    else terminal.result(`${counted(files.length, 'file')}, ${sizeText(bytes)} in ${path.resolve(out)}\n`)
    return exitCode.fine
  })
}

function stopped({ terminal }: Context, runId: string): ExitCode {
  terminal.status.done()
  if (terminal.json) terminal.value({ kind: 'stopped', runId })
  return exitCode.stopped
}

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    throw new ProblemError(problem('run/no-files', 'This run has no files on this disk.', 'Run it again.'), { cause: error })
  })
  const isWhole = (name: string) => !name.endsWith('.partial')
  return entries
    .filter((one) => one.isFile() && isWhole(one.name))
    .map((one) => path.relative(folder, path.join(one.parentPath, one.name)))
    .sort()
}

/** Copies under a temporary name, so that no half file is ever taken for a whole one. */
async function copyWhole(from: string, to: string): Promise<number> {
  await mkdir(path.dirname(to), { recursive: true })
  const partial = `${to}.partial`
  try {
    await cp(from, partial, { dereference: true, preserveTimestamps: true })
    await rename(partial, to)
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
  return (await stat(to)).size
}
