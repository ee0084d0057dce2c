import { stripVTControlCharacters } from 'node:util'

/** What a runner counted; skipped and failed tests by name. */
export type Outcome = {
  readonly passed: number
  readonly failed: number
  readonly skipped: readonly string[]
  readonly failures: readonly string[]
  /** Among the passed: those that failed first and passed when their file ran again alone, each with why it failed. */
  readonly twice?: readonly string[]
}

/** The closing lines of a run: the failures, the skipped tests by name, and the sum alone on the last line. */
export function summary(outcomes: readonly Outcome[]): string {
  const failures = outcomes.flatMap((one) => one.failures)
  const skipped = outcomes.flatMap((one) => one.skipped)
  const passed = outcomes.reduce((sum, one) => sum + one.passed, 0)
  const failed = outcomes.reduce((sum, one) => sum + one.failed, 0)
  const twice = outcomes.flatMap((one) => one.twice ?? [])
  const lines = [
    '',
    ...twice.map((name) => `TWICE   ${name}`),
    ...failures.map((name) => `FAILED  ${name}`),
    ...skipped.map((name) => `SKIPPED ${name}`),
    '',
  ]
  return `${lines.join('\n')}${passed} passed, ${failed} failed, ${skipped.length} skipped\n`
}

/** The files with a failure in them; none where a second run cannot help: nothing failed, or so much that it is no accident. */
export function filesToRunAgain({ testResults }: VitestReport, most: number): readonly string[] {
  const files = testResults.filter(({ status, assertionResults }) => status === 'failed' || assertionResults.some(isFailed))
  return files.length > most ? [] : files.map(({ name }) => name)
}

/** The first report with the files of the second in place of its own; what failed first and passed then is told in `twice`. */
export function withSecondRun(first: VitestReport, second: VitestReport, label: (file: string) => string): Outcome {
  const again = new Map(second.testResults.map((file) => [file.name, file]))
  const outcome = fromVitest({ testResults: first.testResults.map((file) => again.get(file.name) ?? file) }, label)
  const twice = first.testResults.flatMap((file) => {
    const passed = new Set(again.get(file.name)?.assertionResults.flatMap((one) => (one.status === 'passed' ? [one.fullName] : [])))
    const failed = file.assertionResults.filter((one) => isFailed(one) && passed.has(one.fullName))
    return failed.map((one) => `${label(file.name)} > ${one.fullName}${whyOf(one)}`)
  })
  return { ...outcome, twice }
}

const isFailed = ({ status }: AssertionResult) => status === 'failed'

type AssertionResult = {
  readonly fullName: string
  readonly status: string
  readonly duration?: number
  readonly failureMessages?: readonly string[]
}

export type VitestReport = {
  readonly testResults: readonly {
    readonly name: string
    readonly message?: string
    readonly status: string
    readonly assertionResults: readonly AssertionResult[]
  }[]
}

/** Counts vitest's JSON report. A file that could not be loaded is one failure. */
export function fromVitest(report: VitestReport, label: (file: string) => string): Outcome {
  const tests = report.testResults.flatMap((file) =>
    file.assertionResults.map((one) => ({ name: `${label(file.name)} > ${one.fullName}`, status: one.status, why: whyOf(one) })),
  )
  const broken = report.testResults
    .filter((file) => file.status === 'failed' && !file.assertionResults.some((one) => one.status === 'failed'))
    .map((file) => `${label(file.name)}: ${file.message ?? 'could not be run'}`)
  const failures = [...tests.filter((one) => one.status === 'failed').map((one) => one.name + one.why), ...broken]
  const skipped = tests.filter((one) => !['passed', 'failed'].includes(one.status)).map((one) => one.name)
  return { passed: tests.filter((one) => one.status === 'passed').length, failed: failures.length, skipped, failures }
}

// Enough of each to see what happened where only the end of the log is kept.
const shownOfMessage = 1200

function whyOf({ failureMessages = [], duration }: AssertionResult): string {
  const told = failureMessages.map((message) => `\n        ${indented(stripVTControlCharacters(message).slice(0, shownOfMessage))}`)
  return told.length === 0 ? '' : ` (${((duration ?? 0) / 1000).toFixed(1)} s)${told.join('')}`
}

const indented = (text: string) => text.trimEnd().replaceAll('\n', '\n        ')

/** Counts a JUnit file as pytest writes it. */
export function fromJunit(xml: string): Outcome {
  const cases = [...xml.matchAll(/<testcase ([^>]*?)(\/>|>([\s\S]*?)<\/testcase>)/g)].map((match) => ({
    name: nameOf(match[1] ?? ''),
    body: match[3] ?? '',
  }))
  const failures = cases.filter((one) => /<(failure|error)/.test(one.body)).map((one) => one.name)
  const skipped = cases
    .filter((one) => one.body.includes('<skipped'))
    .map((one) => `${one.name}: ${/message="([^"]*)"/.exec(one.body)?.[1] ?? ''}`)
  return { passed: cases.length - failures.length - skipped.length, failed: failures.length, skipped, failures }
}

function nameOf(attributes: string): string {
  const get = (key: string) => new RegExp(`(?:^|\\s)${key}="([^"]*)"`).exec(attributes)?.[1] ?? ''
  return `${get('classname')} > ${get('name')}`
}
