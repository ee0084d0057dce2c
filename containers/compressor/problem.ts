/** Expected trouble of a stage: the exit code out of CONTRACT.md's table and a Problem. */
export class StageFailure extends Error {
  readonly exitCode: number
  readonly code: string
  readonly remedy: string

  constructor(exitCode: number, code: string, what: string, remedy: string, options?: ErrorOptions) {
    super(what, options)
    this.exitCode = exitCode
    this.code = code
    this.remedy = remedy
  }
}

export const wrongSettings = (what: string): StageFailure =>
  new StageFailure(64, 'run/settings', what, 'Correct the settings and start the stage again.')

export const brokenScene = (what: string, cause?: unknown): StageFailure =>
  new StageFailure(65, 'run/scene', what, 'Run the training again: the scene file is damaged.', { cause })

const DISK_ERRORS = new Set(['ENOSPC', 'EROFS', 'EDQUOT'])

/** Sorts anything thrown: itself, disk (73) or internal (70). */
export function asFailure(error: unknown): StageFailure {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (at instanceof StageFailure) return at
    if (DISK_ERRORS.has((at as NodeJS.ErrnoException).code ?? '')) {
      const what = `The results cannot be written: ${at.message}.`
      return new StageFailure(73, 'run/disk', what, 'Free space or choose another folder, then start again.')
    }
  }
  const what = `An unexpected error: ${error instanceof Error ? error.message : String(error)}`
  return new StageFailure(70, 'run/internal', what, 'Start again. If it happens twice, send the log with a report.')
}
