import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bucket } from '../../core/layout.ts'
import type { TransferEvent } from '../../core/transfer/events.ts'
import { fetchRun } from '../../engine/cloud/fetch-run.ts'
import type { Target } from '../../engine/cloud/target.ts'
import { rootKey } from '../../engine/cloud/testing/versitygw.ts'
import { uploadFolder } from '../../engine/cloud/upload-folder.ts'
import { openDatabase } from '../../engine/history/database.ts'
import { anna, ask, bucketName, isOver, openStage, order, realEntry, sampleCapture, type Stage, until, whyNotPlayed } from './stage.ts'

const reason = whyNotPlayed()
const hour = 3_600_000
let stage: Stage
const tenant = anna.sub ?? ''

beforeAll(async () => {
  if (reason === null) stage = await openStage(realEntry)
}, hour)
afterAll(() => stage?.close())

const told = async (events: AsyncIterable<TransferEvent>): Promise<TransferEvent[]> => {
  const all: TransferEvent[] = []
  for await (const event of events) all.push(event)
  return all
}

/** Waits until training has carried out a checkpoint, then takes its machine away. */
async function interruptTraining(runId: string): Promise<void> {
  await until(stage.account, anna, runId, ({ jobs }) => jobs.some((job) => job.stage === '3dgs' && job.secondary === 'Training'))
  const prefix = `${bucket.run(tenant, runId)}/3dgs/checkpoints/`
  for (;;) {
    const keys = await stage.account.outside.list(prefix)
    if (keys.some((key) => key.endsWith('.npz'))) break
    const job = stage.account.sageMaker.latest('3dgs')
    if (job?.ended) throw new Error(`training ended before it was interrupted: ${job.reason}`)
  }
  const job = stage.account.sageMaker.latest('3dgs')
  if (job) await stage.account.sageMaker.interrupt(job)
}

test.skipIf(reason !== null)(
  `photos are uploaded, reconstructed by the real stages, trained on a spot machine that is taken away, told by mail and fetched${reason === null ? '' : ` (${reason})`}`,
  { timeout: hour },
  async () => {
    const { account } = stage
    const runId = 'r-20261124-aaaaaa'
    const { manifest, photos } = await sampleCapture(stage.folder, 8, 'c-play')
    const target: Target = {
      bucket: bucketName,
      region: 'us-east-1',
      endpoint: stage.server.endpoint,
      tenant,
      credentials: async () => rootKey,
    }
    const { db } = openDatabase(join(stage.folder, 'home'), () => new Date())
    const options = { db, home: join(stage.folder, 'home'), now: () => new Date() }
    const signal = new AbortController().signal
    await told(uploadFolder(manifest, photos, target, options, signal))
    await account.outside.put(bucket.manifest(tenant, manifest.captureId), Buffer.from(JSON.stringify(manifest)))

    const train = { ...order(runId, 'c-play').train, iterations: 600, cap: 3000, longSidePx: 200, checkpointEvery: 50, previewAt: [] }
    const started = await ask(account, anna, 'POST', 'start-job', order(runId, 'c-play', { train }))
    expect(started).toMatchObject({ status: 202, body: { runId, again: false } })
    // A newer state of the capture that is sent meanwhile is not what this run reads.
    await account.outside.put(bucket.manifest(tenant, manifest.captureId), Buffer.from(JSON.stringify({ ...manifest, photos: [] })))
    await interruptTraining(runId)
    const state = await until(account, anna, runId, isOver)
    expect(state).toMatchObject({ outcome: 'done', execution: 'SUCCEEDED', error: null, kept: false })
    expect(state.jobs.map(({ stage: name, status }) => [name, status])).toEqual([
      ['sfm', 'Completed'],
      ['3dgs', 'Completed'],
      ['compression', 'Completed'],
    ])
    expect(account.sageMaker.latest('3dgs')?.starts).toBe(2)
    expect(Date.parse(state.heardAt ?? '')).toBeGreaterThan(Date.parse(state.startedAt))

    // The second machine went on from the first one's checkpoint.
    const lines = (await account.outside.get(`${state.prefix}/3dgs/checkpoints/progress.jsonl`)).toString().trim().split('\n')
    const trained = lines.map((line) => JSON.parse(line) as { step: string; done: number }).filter((line) => line.step === 'train')
    expect(trained.at(-1)?.done).toBe(600)
    expect(trained.map((line) => line.done).filter((done) => done === 0).length).toBe(1)

    const [letter] = await account.ministack.letters()
    expect(letter).toMatchObject({ to: ['anna@example.org'], subject: 'Your scene is ready: Caliterra, a few photos' })
    const link = /http:\S+links\/\S+/.exec(letter?.text ?? '')?.[0] ?? ''
    const opened = await fetch(link)
    expect(opened.status).toBe(200)
    const sog = Buffer.from(await opened.arrayBuffer())

    const folder = join(stage.folder, 'fetched')
    await told(fetchRun(runId, folder, target, options, signal))
    const outcome = JSON.parse(readFileSync(join(folder, 'compression', 'outcome.json'), 'utf8')) as {
      files: Record<string, { sha256: string }>
    }
    for (const bytes of [sog, readFileSync(join(folder, 'compression', 'scene.sog'))])
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(outcome.files['scene.sog']?.sha256)
    const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as { score: number; costUsd: number; stages: unknown[] }
    expect(report.score).toBeGreaterThan(0)
    expect(report.costUsd).toBeGreaterThan(0)
    expect(report.stages).toHaveLength(3)
    db.close()
  },
)
