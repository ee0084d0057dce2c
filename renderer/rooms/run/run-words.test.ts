import { expect, test } from 'vitest'
import type { RunEvent } from '../../../core/run/events.ts'
import { emptyRun, reduce } from '../../../core/run/reduce.ts'
import { logLines } from './log-lines.ts'
import { barOf, leavesScene, runSpoken, runTitle, stageFacts, timeLeft } from './run-words.ts'

const at = (s: number) => new Date(Date.UTC(2026, 10, 24, 14, 0, s)).toISOString()
const train = (s: number, done: number): RunEvent => ({
  at: at(s),
  kind: 'line',
  line: { at: at(s), stage: '3dgs', step: 'train', done, total: 2100, unit: 'iterations', metrics: { loss: 0.0412, gaussians: 20_000 } },
})
const begun: readonly RunEvent[] = [
  { at: at(0), kind: 'started', where: 'local', resumed: false },
  { at: at(1), kind: 'stage-started', stage: '3dgs', attempt: 1, resumed: false },
]

test('the title counts the iteration that the newest line counted', () => {
  expect(runTitle(reduce([...begun, train(2, 400)]))).toBe('Training, iteration 400 of 2,100')
  expect(runTitle(emptyRun)).toBe('Starting')
})

test('what is read aloud moves by tenths of the training', () => {
  expect(runSpoken(reduce([...begun, train(2, 400)]))).toBe('Training, 10 %')
  expect(runSpoken(reduce([...begun, train(2, 419)]))).toBe('Training, 10 %')
  expect(runSpoken(reduce([...begun, train(2, 421)]))).toBe('Training, 20 %')
  expect(runSpoken(emptyRun)).toBe('Starting')
})

test('a stage lists what was counted and measured', () => {
  const stage = reduce([...begun, train(2, 400)]).stages[1]
  expect(stage && stageFacts(stage).map((one) => `${one.label}: ${one.value}`)).toEqual([
    'Iteration: 400 / 2,100',
    'Loss: 0.0412',
    'Gaussians in training: 20,000',
  ])
  expect(stage && barOf(stage)).toEqual({ done: 400, total: 2100 })
})

test('progress is not repeated in what happened, a checkpoint is', () => {
  expect(logLines([train(2, 400)])).toEqual([])
  const checkpoint: RunEvent = {
    at: at(3),
    kind: 'line',
    line: {
      at: at(3),
      stage: '3dgs',
      step: 'checkpoint',
      done: null,
      total: null,
      unit: null,
      metrics: { iteration: 500, file: 'checkpoints/500.ply', bytes: 1_240_000 },
    },
  }
  expect(logLines([checkpoint]).map((one) => one.text)).toEqual(['preview 500 saved, 1.24 MB'])
})

test('files that were written together are one line that names them all', () => {
  const file = (path: string): RunEvent => ({ at: at(5), kind: 'artefact', path, bytes: 600, sha256: '' })
  const lines = logLines([
    ...begun,
    file('sfm/report.json'),
    file('sfm/sparse/0/rigs.bin'),
    { at: at(6), kind: 'done', score: 98 },
    file('report.json'),
  ])
  expect(lines.map((one) => one.text)).toEqual([
    'started on this machine',
    'Gaussian splatting started',
    '2 files written, 1.20 kB',
    'done, score 98',
    'report.json, 600 B',
  ])
  expect(lines[2]?.more).toEqual(['sfm/report.json, 600 B', 'sfm/sparse/0/rigs.bin, 600 B'])
})

test('a measurement stands once, also when its checkpoint repeats it', () => {
  const measured = (step: string): RunEvent => ({
    at: at(7),
    kind: 'line',
    line: { at: at(7), stage: '3dgs', step, done: 4, total: 4, unit: null, metrics: { iteration: 2100, psnr: 32.01 } },
  })
  const stage = reduce([...begun, measured('evaluate'), measured('final')]).stages[1]
  expect(stage && stageFacts(stage).filter((one) => one.label.startsWith('Held-out PSNR')).length).toBe(1)
})

test('time left is arithmetic on half a minute of counts, and hides before and when the rate swings', () => {
  expect(timeLeft([train(0, 0), train(10, 100), train(20, 200)])).toBeNull()
  expect(timeLeft([train(0, 0), train(20, 200), train(40, 400)])).toEqual({ perS: 10, remain: 1700, ms: 170_000 })
  expect(timeLeft([train(0, 0), train(20, 400), train(40, 440)])).toBeNull()
})

test('a run that failed after training still leaves its trained scene', () => {
  const ply: RunEvent = { at: at(4), kind: 'artefact', path: '3dgs/scene.ply', bytes: 1, sha256: '' }
  expect([leavesScene(emptyRun, []), leavesScene(emptyRun, [ply]), leavesScene({ ...emptyRun, kept: true }, [])]).toEqual([
    false,
    true,
    true,
  ])
})
