import path from 'node:path'
import { type Context, textFlag } from '../command.ts'
import { type ExitCode, exitCode } from '../exit-code.ts'
import { counted, sizeText } from '../terminal/words.ts'
import { type Copied, copyResults } from './copy-results.ts'
import { withEngine } from './engine.ts'
import { fetchFromCloud } from './fetch-cloud.ts'

/** Copies a run's results into a folder; with --where, from the account that ran it. */
export async function run(context: Context): Promise<ExitCode> {
  const where = textFlag(context, 'where') ?? 'local'
  if (where !== 'local') return await fetchFromCloud(where, context)
  const { terminal, signal } = context
  const runId = context.words[0] ?? ''
  const out = textFlag(context, 'out')
  const from = await withEngine(context, async (engine) => engine.runFolder(runId))
  // A run on this machine is in the library already; without a folder to copy to, all that is left is to say where.
  if (out === undefined) {
    if (terminal.json) terminal.value({ kind: 'done', runId, folder: from, files: 0, bytes: 0 })
    else terminal.result(`${from}\n`)
    return exitCode.fine
  }
  let last: Copied = { file: '', done: 0, total: 0, bytes: 0 }
  for await (const copied of copyResults(from, path.resolve(out))) {
    last = copied
    terminal.status.show([`Copying ${copied.done} of ${counted(copied.total, 'file')}, ${sizeText(copied.bytes)}`])
    if (terminal.json) terminal.value({ kind: 'file', file: copied.file, done: copied.done, total: copied.total })
    if (signal.aborted) break
  }
  terminal.status.done()
  const { done: files, bytes } = last
  if (terminal.json) terminal.value({ kind: signal.aborted ? 'stopped' : 'done', runId, folder: path.resolve(out), files, bytes })
  else terminal.result(`${counted(files, 'file')}, ${sizeText(bytes)} in ${path.resolve(out)}\n`)
  return signal.aborted ? exitCode.stopped : exitCode.fine
}
