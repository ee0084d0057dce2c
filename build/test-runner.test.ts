import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { runToEnd } from './test-runner.ts'

const folder = mkdtempSync(join(tmpdir(), 'spaceport-runner-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const program = (script: string) => [process.execPath, ['-e', script]] as const

test('a runner that ends tells its code', async () => {
  expect(await runToEnd(folder, ...program('process.exit(3)'), { limitMs: 60_000 })).toEqual({ kind: 'exit', code: 3 })
})

test('one that hangs after its report is ended, and so is one that never reports', async () => {
  const report = join(folder, 'report.json')
  const hangs = program(`require('fs').writeFileSync(${JSON.stringify(report)}, '{}'); setInterval(() => {}, 1000)`)
  expect(await runToEnd(folder, ...hangs, { limitMs: 60_000, report, graceMs: 10 })).toEqual({ kind: 'reported' })
  expect(await runToEnd(folder, ...program('setInterval(() => {}, 1000)'), { limitMs: 100 })).toEqual({ kind: 'too-long' })
})
