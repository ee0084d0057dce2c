import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { problem, ProblemError } from '../../../core/problem.ts'
import { desktopProgram } from '../desktop.ts'
import type { Context } from '../command.ts'
import { type ExitCode, exitCode } from '../exit-code.ts'
import { withEngine } from './engine.ts'
import { serveUntilStopped } from './serve.ts'

const RUN_ID = /^r-[a-z0-9-]{6,40}$/
const SCENE_FILE = /\.(ply|splat|ksplat|spz|sog)$/i

/** Shows a run or a scene file in the viewer: in the window where Electron is installed, else in the browser. */
export async function run(context: Context): Promise<ExitCode> {
  const shown = await shownBy(context.words[0] ?? '', context)
  const desktop = desktopProgram(context.program)
  if (desktop?.isBuilt) {
    spawn(desktop.electron, [context.program, shown.word], { stdio: 'ignore', detached: true }).unref()
    context.terminal.note('Opened in the window.')
    return exitCode.fine
  }
  await serveUntilStopped(context, { hash: `#/${shown.address}`, open: true })
  return exitCode.stopped
}

/** What is to be shown: its address for the screens, and the word that the window takes for it (links may not name files). */
async function shownBy(word: string, context: Context): Promise<{ readonly address: string; readonly word: string }> {
  const file = path.resolve(word)
  if (existsSync(file) && SCENE_FILE.test(file)) return { address: `scene?path=${encodeURIComponent(file)}`, word: file }
  if (RUN_ID.test(word)) {
    const found = await withEngine(context, async (engine) => await engine.handlers['runs.get']({ runId: word }))
    const address = `capture/${found.captureId}/scene/${found.runId}`
    return { address, word: `spaceport://open/${address}` }
  }
  const what = existsSync(file) ? `${word} is no scene that the viewer knows.` : `There is neither a run nor a file named ${word}.`
  throw new ProblemError(
    problem('scene/format', what, 'Give a run of "spaceport runs", or a .ply, .compressed.ply, .splat, .ksplat, .spz or .sog file.'),
  )
}
