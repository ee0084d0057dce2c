import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { testImages } from './images.ts'
import { type Ending, runToEnd } from './test-runner.ts'
import { filesToRunAgain, fromJunit, fromVitest, type Outcome, type VitestReport, withSecondRun } from './test-summary.ts'

/** One runner of the test command. */
export type Part = { readonly name: string; readonly run: (root: string) => Promise<Outcome> }

const bin = (root: string, name: string) => join(root, 'node_modules', '.bin', name)
const python = (root: string) =>
  process.platform === 'win32' ? join(root, '.venv', 'Scripts', 'python.exe') : join(root, '.venv', 'bin', 'python')

const minute = 60_000
// Each well above what it takes, so that the whole ends by itself within CI's time whatever hangs.
const checkLimitMs = 8 * minute
const vitestLimitMs = 30 * minute
const pytestLimitMs = 20 * minute

/** A check that is one test: it passes when the program exits with 0. */
function check(name: string, program: (root: string) => string, args: readonly string[]): Part {
  const run = async (root: string): Promise<Outcome> => {
    const ending = await runToEnd(root, program(root), args, { limitMs: checkLimitMs })
    return fault(ending) === '' ? { passed: 1, failed: 0, skipped: [], failures: [] } : failed(`${name} ${fault(ending)}`)
  }
  return { name, run }
}

// More than this many files with a failure in them are no accident of a busy machine.
const mostRunAgain = 3

/** All files side by side; the few that fail run once more by themselves, and what passes then is named as having needed it. */
async function vitest(root: string): Promise<Outcome> {
  const label = (path: string) => relative(root, path)
  const first = await runVitest(root, 'vitest', [])
  if (first.report === null) return failed(`vitest ${fault(first.ending)} and left no report`)
  const outcome = withEnding('vitest', first.ending, fromVitest(first.report, label))
  const files = first.ending.kind === 'too-long' ? [] : filesToRunAgain(first.report, mostRunAgain)
  if (files.length === 0) return outcome
  process.stdout.write(`\n== vitest again, alone: ${files.map(label).join(' ')}\n`)
  const second = await runVitest(root, 'vitest-again', ['--no-file-parallelism', ...files])
  if (second.report === null) return outcome
  return withEnding('vitest', second.ending, withSecondRun(first.report, second.report, label))
}

async function runVitest(root: string, name: string, words: readonly string[]): Promise<{ ending: Ending; report: VitestReport | null }> {
  const file = join(root, '.cache', 'tests', `${name}.json`)
  rmSync(file, { force: true })
  const tool = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const args = [tool, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...words]
  const ending = await runToEnd(root, process.execPath, args, { limitMs: vitestLimitMs, report: file })
  return { ending, report: existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as VitestReport) : null }
}

const failed = (what: string): Outcome => ({ passed: 0, failed: 1, skipped: [], failures: [what] })

/** What was wrong with how a runner ended, or nothing. One that had reported has said what there is to say. */
function fault(ending: Ending): string {
  if (ending.kind === 'too-long') return 'was ended: it took too long'
  return ending.kind === 'exit' && ending.code !== 0 ? `ended with ${ending.code}` : ''
}

function withEnding(name: string, ending: Ending, outcome: Outcome): Outcome {
  return fault(ending) !== '' && outcome.failed === 0 ? { ...outcome, failed: 1, failures: [`${name} ${fault(ending)}`] } : outcome
}

async function pytest(root: string): Promise<Outcome> {
  const file = join(root, '.cache', 'tests', 'pytest.xml')
  rmSync(file, { force: true })
  const args = ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', 'containers', `--junitxml=${file}`]
  const ending = await runToEnd(root, python(root), args, { limitMs: pytestLimitMs, report: file })
  if (!existsSync(file)) return failed(`pytest ${fault(ending)} and left no report`)
  return withEnding('pytest', ending, fromJunit(readFileSync(file, 'utf8')))
}

const formatted = ['core', 'engine', 'backend', 'electron', 'renderer', 'build', 'tests', 'bench', 'containers/compressor']

/** Every runner, cheapest first. */
export const parts: readonly Part[] = [
  check('types', (root) => bin(root, 'tsc'), ['-b']),
  check('lint', (root) => bin(root, 'oxlint'), ['--type-aware', '--deny-warnings']),
  check('format', (root) => bin(root, 'oxfmt'), ['--check', ...formatted]),
  check('python lint', python, ['-m', 'ruff', 'check', '--no-cache', 'containers']),
  { name: 'vitest', run: vitest },
  { name: 'pytest', run: pytest },
  { name: 'images', run: testImages },
]
