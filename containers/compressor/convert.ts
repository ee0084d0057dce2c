import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { partName, putInPlace } from './files.ts'
import { StageFailure } from './problem.ts'

const TOOL = fileURLToPath(import.meta.resolve('@playcanvas/splat-transform'))
const CLI = TOOL.replace(/dist[\\/]index\.mjs$/, 'bin/cli.mjs')

/** Without a GPU the tool must be told so, or scenes with harmonics die on a null device. */
const ALWAYS = ['--quiet', '--overwrite', '--no-tty', '-g', 'cpu']

/** Global flags, and actions on the splats. */
export type How = { readonly flags?: readonly string[]; readonly actions?: readonly string[] }

/**
 * Converts `source` to `target` (formats by suffix) with splat-transform as a child, so that a stop ends it at once and
 * a crash stays outside. Actions (such as fewer bands) belong behind the input. `target` is whole or absent.
 */
export async function convert(source: string, target: string, how: How, signal: AbortSignal): Promise<void> {
  const part = partName(target)
  try {
    await runTool([...ALWAYS, ...(how.flags ?? []), source, ...(how.actions ?? []), part], signal)
    putInPlace(part, target)
  } finally {
    rmSync(part, { force: true })
  }
}

function runTool(args: readonly string[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'], signal, killSignal: 'SIGKILL' })
    const end = (): void => void child.kill('SIGKILL')
    process.once('exit', end)
    let said = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data: Buffer) => {
        said = (said + data.toString()).slice(-2000)
        process.stderr.write(data)
      })
    }
    child.once('error', reject)
    child.once('close', (code) => {
      process.off('exit', end)
      if (code === 0) resolve()
      else
        reject(
          new StageFailure(
            70,
            'run/convert',
            `The scene could not be converted: ${said.trim().slice(-300) || `exit ${code}`}`,
            'Start again. If it happens twice, send the log with a report.',
          ),
        )
    })
  })
}
