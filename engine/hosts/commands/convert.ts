import { stat } from 'node:fs/promises'
import path from 'node:path'
import { problem, ProblemError } from '../../../core/problem.ts'
import type { Context } from '../command.ts'
import { type ExitCode, exitCode } from '../exit-code.ts'
import { convert, endingOf, sceneEndings } from '../scene/convert.ts'
import { requireScene } from '../scene/require-scene.ts'
import { durationText, sizeText } from '../terminal/words.ts'
import { UsageError } from './usage-error.ts'

const REFRESH_MS = 500

/** Converts a scene file into another format. */
export async function run(context: Context): Promise<ExitCode> {
  const { terminal, signal, program } = context
  const [from = '', to = ''] = context.words.map((word) => path.resolve(word))
  for (const file of [from, to])
    if (endingOf(file) === null) throw new UsageError(`${path.basename(file)} has no ending of a scene: ${sceneEndings.join(', ')}.`)
  if (from === to) throw new UsageError('IN and OUT are the same file.')
  const bytesIn = await sizeOf(from)
  if (bytesIn === null) throw new ProblemError(problem('file/unreadable', `There is no file ${from}.`, 'Check the name.'))
  if (context.flags['force'] !== true && (await sizeOf(to)) !== null)
    throw new ProblemError(problem('file/exists', `${to} exists already.`, 'Name another file, or say --force to replace it.'))
  await requireScene(from, bytesIn)
  const begunMs = performance.now()
  const show = () =>
    terminal.status.show([`Converting ${path.basename(from)} (${sizeText(bytesIn)}), ${durationText(performance.now() - begunMs)}`])
  const refresh = setInterval(show, REFRESH_MS)
  try {
    await convert(program, from, to, signal)
  } finally {
    clearInterval(refresh)
    terminal.status.clear()
  }
  const [bytesOut, tookMs] = [(await sizeOf(to)) ?? 0, Math.round(performance.now() - begunMs)]
  if (terminal.json) terminal.value({ version: 1, in: from, out: to, bytesIn, bytesOut, tookMs })
  else terminal.result(`${to}  ${terminal.paint.faint(`${sizeText(bytesIn)} -> ${sizeText(bytesOut)} in ${durationText(tookMs)}`)}\n`)
  return exitCode.fine
}

async function sizeOf(file: string): Promise<number | null> {
  const facts = await stat(file).catch(() => null)
  return facts?.isFile() ? facts.size : null
}
