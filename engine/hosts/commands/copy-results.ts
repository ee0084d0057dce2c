import { cp, mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { problem, ProblemError } from '../../../core/problem.ts'

export type Copied = { readonly file: string; readonly done: number; readonly total: number; readonly bytes: number }

/** Copies a run's files into a folder, one event a file. What stands there already, of the same size and time, is left alone. */
export async function* copyResults(from: string, out: string): AsyncIterable<Copied> {
  const files = await filesOf(from)
  let bytes = 0
  for (const [at, file] of files.entries()) {
    bytes += await copyWhole(path.join(from, file), path.join(out, file))
    yield { file, done: at + 1, total: files.length, bytes }
  }
}

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    throw new ProblemError(problem('run/no-files', 'This run has no files on this disk.', 'Run it again.'), { cause: error })
  })
  return entries
    .filter((one) => one.isFile() && !one.name.endsWith('.partial'))
    .map((one) => path.relative(folder, path.join(one.parentPath, one.name)))
    .sort()
}

/** Copies under a temporary name, so that no half file is ever taken for a whole one; returns the file's bytes. */
async function copyWhole(from: string, to: string): Promise<number> {
  const [source, there] = [await stat(from), await stat(to).catch(() => null)]
  if (there?.isFile() && there.size === source.size && Math.abs(there.mtimeMs - source.mtimeMs) < 2) return source.size
  const partial = `${to}.partial`
  try {
    await mkdir(path.dirname(to), { recursive: true })
    await cp(from, partial, { dereference: true, preserveTimestamps: true })
    await rename(partial, to)
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined)
    throw copyProblem(error, to)
  }
  return source.size
}

function copyProblem(error: unknown, to: string): unknown {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new ProblemError(problem('disk/full', `The disk is full: ${to} was not written.`, 'Free up space, then fetch the run again.'), {
      cause: error,
    })
  if (['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'].includes(code ?? ''))
    return new ProblemError(problem('file/not-written', `${to} could not be written.`, 'Name a folder that you may write to.'), {
      cause: error,
    })
  return error
}
