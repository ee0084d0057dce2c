import { expect, test } from 'vitest'
import { filesToRunAgain, fromJunit, fromVitest, summary, withSecondRun } from './test-summary.ts'

test('the last line sums all runners and each skipped or failed test is named', () => {
  const text = summary([
    { passed: 3, failed: 0, skipped: ['a: no device'], failures: [] },
    { passed: 1, failed: 1, skipped: [], failures: ['b'] },
  ])
  expect(text.trim().split('\n')).toEqual(['FAILED  b', 'SKIPPED a: no device', '4 passed, 1 failed, 1 skipped'])
})

test('a vitest file that could not be loaded counts as one failure', () => {
  const report = { testResults: [{ name: '/r/a.test.ts', status: 'failed', message: 'syntax', assertionResults: [] }] }
  expect(fromVitest(report, (file) => file.slice(3))).toEqual({ passed: 0, failed: 1, skipped: [], failures: ['a.test.ts: syntax'] })
})

test('a failed vitest test says why and after how long, without colours', () => {
  const one = { fullName: 'x', status: 'failed', duration: 1500, failureMessages: ['\u001b[31mgone\u001b[39m\nat y'] }
  const report = { testResults: [{ name: 'a', status: 'failed', assertionResults: [one] }] }
  expect(fromVitest(report, (file) => file).failures).toEqual(['a > x (1.5 s)\n        gone\n        at y'])
})

test('what failed first and passed alone counts as passed and is told; what fails twice has failed; many failures are no accident', () => {
  const file = (name: string, statuses: readonly string[]) => {
    const assertionResults = statuses.map((status, at) => ({ fullName: `${at}`, status }))
    return { name, status: statuses.includes('failed') ? 'failed' : 'passed', assertionResults }
  }
  const first = { testResults: [file('a', ['failed', 'failed', 'passed']), file('b', ['passed'])] }
  const second = { testResults: [file('a', ['passed', 'failed', 'passed'])] }
  expect(filesToRunAgain(first, 1)).toEqual(['a'])
  expect(filesToRunAgain(first, 0)).toEqual([])
  expect(withSecondRun(first, second, String)).toEqual({ passed: 3, failed: 1, skipped: [], failures: ['a > 1'], twice: ['a > 0'] })
  expect(summary([withSecondRun(first, second, String)])).toContain('TWICE   a > 0\n')
})

test('skipped vitest tests are not passed ones', () => {
  const assertionResults = [
    { fullName: 'x', status: 'passed' },
    { fullName: 'y', status: 'pending' },
    { fullName: 'z', status: 'todo' },
  ]
  const report = { testResults: [{ name: 'a', status: 'passed', assertionResults }] }
  expect(fromVitest(report, (file) => file)).toEqual({ passed: 1, failed: 0, skipped: ['a > y', 'a > z'], failures: [] })
})

test('a JUnit file of pytest is counted, errors as failures', () => {
  const xml = `<testsuites><testsuite><testcase classname="m" name="ok" time="1"/><testcase classname="m" name="bad"><failure message="x">y</failure></testcase><testcase classname="m" name="broken"><error message="x">y</error></testcase><testcase classname="m" name="off"><skipped type="pytest.skip" message="no captures">z</skipped></testcase></testsuite></testsuites>`
  expect(fromJunit(xml)).toEqual({ passed: 1, failed: 2, skipped: ['m > off: no captures'], failures: ['m > bad', 'm > broken'] })
})
