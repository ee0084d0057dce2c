import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { problem, ProblemError } from '../../../core/problem.ts'
import { readPly } from './ply.ts'
import { toKsplat, toSplat } from './splat-files.ts'

/** The endings of the scenes that Spaceport reads and writes; the longer first. */
export const sceneEndings = ['.compressed.ply', '.ply', '.splat', '.ksplat', '.spz', '.sog'] as const
export type SceneEnding = (typeof sceneEndings)[number]

/** The ending of a scene's name, or null. */
export function endingOf(file: string): SceneEnding | null {
  return sceneEndings.find((ending) => file.toLowerCase().endsWith(ending)) ?? null
}

/**
 * Converts a scene by @playcanvas/splat-transform; it reads every format and writes all but .splat and .ksplat, which are written here.
 * The result appears whole or not at all.
 */
export async function convert(program: string, from: string, to: string, signal: AbortSignal): Promise<void> {
  const ending = endingOf(to)
  const isSmall = ending === '.splat' || ending === '.ksplat'
  const stem = path.join(path.dirname(to), `.${randomBytes(6).toString('hex')}.partial`)
  const made = `${stem}${isSmall ? '.ply' : ending}`
  try {
    await transform(program, from, made, signal)
    if (isSmall) {
      const splats = readPly(await readFile(made))
      if (splats === null) throw notConverted(from, 'the splats could not be read back')
      await writeFile(`${stem}${ending}`, ending === '.splat' ? toSplat(splats) : toKsplat(splats))
    }
    await rename(`${stem}${ending}`, to)
  } finally {
    await Promise.all([made, `${stem}${ending}`].map((file) => rm(file, { force: true })))
  }
}

async function transform(program: string, from: string, to: string, signal: AbortSignal): Promise<void> {
  const tool = path.join(program, 'node_modules', '@playcanvas', 'splat-transform', 'bin', 'cli.mjs')
  // Without a GPU the tool dies unless told so; version 3 of .spz is the newest that Spark reads.
  const child = spawn(process.execPath, [tool, '-q', '-g', 'cpu', '--spz-version', '3', from, to], {
    stdio: ['ignore', 'ignore', 'pipe'],
    signal,
  })
  const ended = new Promise<number | null>((done, fail) => {
    child.once('error', fail)
    child.once('close', done)
  })
  const [trouble, code] = await Promise.all([text(child.stderr), ended])
  if (code !== 0) throw notConverted(from, reasonIn(trouble))
}

/** The tool's own words about what went wrong, without its closing line and marks; only shown, never decided upon. */
function reasonIn(trouble: string): string {
  const lines = trouble
    .trim()
    .split('\n')
    .map((line) => line.replace(/^\W*(?:error:\s*)?/i, ''))
  return lines.filter((line) => !line.startsWith('failed in') && !line.startsWith('at ')).at(-1) ?? ''
}

function notConverted(from: string, why: string): ProblemError {
  const what = `${from} could not be converted${why === '' ? '' : `: ${why.replace(/\.$/, '')}`}.`
  return new ProblemError(problem('scene/format', what, 'Check that the file is whole and of the kind that its ending says.'))
}
