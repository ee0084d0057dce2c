import { existsSync } from 'node:fs'
import path from 'node:path'
import { problem, ProblemError } from '../../../core/problem.ts'

/** The Python that the stages run under. */
export function pythonOf(program: string): string {
  return process.platform === 'win32' ? path.join(program, '.venv', 'Scripts', 'python.exe') : path.join(program, '.venv', 'bin', 'python')
}

/** Refuses to begin what cannot end well: the stages need the Python packages. */
export function requireSetup(program: string): void {
  if (existsSync(pythonOf(program))) return
  throw new ProblemError(
    problem('setup/missing', 'Set-up has not been run: the Python packages are missing.', `Run "npm run setup" in ${program}.`),
  )
}
