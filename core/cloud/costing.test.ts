import { expect, test } from 'vitest'
import { costsOf, type OpenJob, ownerOfJob } from './costing.ts'

const at = '2026-11-24T10:00:00.000Z'
const job = (over: Partial<OpenJob> = {}): OpenJob => ({
  name: 'r-20261124-abcdef-3dgs-0123abcd',
  status: 'InProgress',
  instance: 'ml.g4dn.xlarge',
  machines: 1,
  spot: true,
  startedAt: at,
  ...over,
})

test('a job is the pipeline’s by its name, and says whose run and which stage it is', () => {
  expect(ownerOfJob('r-20261124-abcdef-3dgs-0123abcd')).toEqual({ runId: 'r-20261124-abcdef', stage: '3dgs' })
  expect(ownerOfJob('r-sfm-sfm-0123abcd')).toEqual({ runId: 'r-sfm', stage: 'sfm' })
  for (const other of ['resnet-training', 'r-20261124-abcdef', 'r-20261124-abcdef-3dgs-xyz', '']) expect(ownerOfJob(other)).toBeNull()
})

test('what has a machine costs its hour, what waits for one costs nothing, what the table does not know is counted apart', () => {
  const table = { region: 'eu', date: '2026', source: 'here', perHour: { 'ml.g4dn.xlarge': 0.75 }, leastSpotSaving: 0, storedGbMonth: 0 }
  const waiting = job({ startedAt: null })
  const unknown = job({ instance: 'ml.p9.huge' })
  const other = job({ name: 'somebody-elses-job' })
  const costs = costsOf([job(), job({ machines: 2 }), waiting, unknown, other], [], at, table)
  expect(costs.jobs.map(({ usdAnHour }) => usdAnHour)).toEqual([0.75, 1.5, 0, null])
  expect(costs).toMatchObject({ usdAnHour: 2.25, unpriced: 1, prices: { region: 'eu', date: '2026', source: 'here' }, askedAt: at })
})
