import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { partName, putInPlace, removePart } from './files.ts'
import { StageFailure } from './problem.ts'

const THREAD = new URL('./tool-thread.ts', import.meta.url)

/**
 * Half of an .sog is the search for two tables of 256 values, of scales and of colours. The tool keeps one core for the
 * thread that calls it, which only waits: on two cores the searches would follow each other.
 */
const HELPERS = String(Math.min(4, availableParallelism()))

/** Without a GPU the tool must be told so, or scenes with harmonics die on a null device. */
const ALWAYS = ['--quiet', '--overwrite', '--no-tty', '-g', 'cpu', '--max-workers', HELPERS]

/** Global flags, and actions on the splats. */
export type How = { readonly flags?: readonly string[]; readonly actions?: readonly string[] }

/**
 * Converts `source` to `target` (formats by suffix) with splat-transform in a thread: a stop ends it at once, it cannot
 * outlive the stage, and its memory and time are the stage's. Its command line loads in 0.1 s, as a library it takes 0.6 s.
 * Actions (such as fewer bands) belong behind the input. `target` is whole or absent.
 */
export async function convert(source: string, target: string, how: How, signal: AbortSignal): Promise<void> {
  const part = partName(target)
  try {
    await runTool([...ALWAYS, ...(how.flags ?? []), source, ...(how.actions ?? []), part], signal)
    putInPlace(part, target)
  } finally {
    removePart(part)
  }
}

async function runTool(argv: readonly string[], signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const worker = new Worker(THREAD, { argv: [...argv], stdout: true, stderr: true })
  const end = (): void => void worker.terminate()
  signal.addEventListener('abort', end, { once: true })
  let said = ''
  for (const stream of [worker.stdout, worker.stderr]) {
    stream.on('data', (data: Buffer) => {
      said = (said + data.toString()).slice(-2000)
      process.stderr.write(data)
    })
  }
  try {
    const code = await new Promise<number>((resolve, reject) => worker.once('error', reject).once('exit', resolve))
    signal.throwIfAborted()
    if (code !== 0) throw failure(said.trim() || `exit ${code}`)
  } catch (error) {
    signal.throwIfAborted()
    throw error instanceof StageFailure ? error : failure(error instanceof Error ? error.message : String(error), error)
  } finally {
    signal.removeEventListener('abort', end)
  }
}

function failure(said: string, cause?: unknown): StageFailure {
  const remedy = 'Start again. If it happens twice, send the log with a report.'
  return new StageFailure(70, 'run/convert', `The scene could not be converted: ${said.slice(-300)}`, remedy, { cause })
}
