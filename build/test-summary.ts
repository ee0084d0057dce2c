import { stripVTControlCharacters } from 'node:util'

/** What a runner counted; skipped and failed tests by name. */
export type Outcome = {
  readonly passed: number
  readonly failed: number
  readonly skipped: readonly string[]
  readonly failures: readonly string[]
}

/** The closing lines of a run: the failures, the skipped tests by name, and the sum alone on the last line. */
export function summary(outcomes: readonly Outcome[]): string {
  const failures = outcomes.flatMap((one) => one.failures)
  const skipped = outcomes.flatMap((one) => one.skipped)
  const passed = outcomes.reduce((sum, one) => sum + one.passed, 0)
  const failed = outcomes.reduce((sum, one) => sum + one.failed, 0)
  const lines = ['', ...failures.map((name) => `FAILED  ${name}`), ...skipped.map((name) => `SKIPPED ${name}`), '']
  return `${lines.join('\n')}${passed} passed, ${failed} failed, ${skipped.length} skipped\n`
}

type AssertionResult = {
  readonly fullName: string
  readonly status: string
  readonly duration?: number
  readonly failureMessages?: readonly string[]
}

type VitestReport = {
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
