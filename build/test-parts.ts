import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fromJunit, fromVitest, type Outcome } from './test-summary.ts'

/** One runner of the test command. */
export type Part = { readonly name: string; readonly run: (root: string) => Promise<Outcome> }

const bin = (root: string, name: string) => join(root, 'node_modules', '.bin', name)
const python = (root: string) =>
  process.platform === 'win32' ? join(root, '.venv', 'Scripts', 'python.exe') : join(root, '.venv', 'bin', 'python')

function exitOf(root: string, program: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
    child.on('error', reject)
    child.on('exit', (code) => resolve(code ?? 1))
  })
}

/** A check that is one test: it passes when the program exits with 0. */
function check(name: string, program: (root: string) => string, args: readonly string[]): Part {
  const run = async (root: string): Promise<Outcome> => {
    const code = await exitOf(root, program(root), args)
    return code === 0
      ? { passed: 1, failed: 0, skipped: [], failures: [] }
      : { passed: 0, failed: 1, skipped: [], failures: [`${name} (exit ${code})`] }
  }
  return { name, run }
}

async function vitest(root: string): Promise<Outcome> {
  const file = join(root, '.cache', 'tests', 'vitest.json')
  rmSync(file, { force: true })
  const code = await exitOf(root, process.execPath, [
    join(root, 'node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ])
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: [], failures: [`vitest ended with ${code} and left no report`] }
  const outcome = fromVitest(JSON.parse(readFileSync(file, 'utf8')), (path) => relative(root, path))
  return code !== 0 && outcome.failed === 0 ? { ...outcome, failed: 1, failures: [`vitest ended with ${code}`] } : outcome
}

async function pytest(root: string): Promise<Outcome> {
  const file = join(root, '.cache', 'tests', 'pytest.xml')
  rmSync(file, { force: true })
  const code = await exitOf(root, python(root), ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', 'containers', `--junitxml=${file}`])
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: [], failures: [`pytest ended with ${code} and left no report`] }
  const outcome = fromJunit(readFileSync(file, 'utf8'))
  return code !== 0 && outcome.failed === 0 ? { ...outcome, failed: 1, failures: [`pytest ended with ${code}`] } : outcome
}

const formatted = ['core', 'engine', 'electron', 'renderer', 'build', 'tests', 'bench', 'containers/compressor']

/** Every runner, cheapest first. */
export const parts: readonly Part[] = [
  check('types', (root) => bin(root, 'tsc'), ['-b']),
  check('lint', (root) => bin(root, 'oxlint'), ['--type-aware', '--deny-warnings']),
  check('format', (root) => bin(root, 'oxfmt'), ['--check', ...formatted]),
  check('python lint', python, ['-m', 'ruff', 'check', '--no-cache', 'containers']),
  { name: 'vitest', run: vitest },
  { name: 'pytest', run: pytest },
]
