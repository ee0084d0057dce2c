// The account's functions on loopback: node bench/cloud/run.ts [--starts N]. Prints the start of a run as its caller waits for it, and each
// bundle's size and load. No Lambda, no network between: what is measured is our code and the SDK, on this machine.
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { bundleLambdas, lambdaNames } from '../../backend/bundle.ts'
import { ServiceError } from '../../backend/testing/json-service.ts'
import type { Manifest } from '../../core/capture/manifest.ts'
import { photoRow } from '../../engine/cloud/testing/capture.ts'
import { bucket } from '../../core/layout.ts'
import { percentile } from '../../core/run/quote.ts'
import { anna, ask, fakeEntry, openStage, order, type Stage, whyNotPlayed } from '../../tests/cloud/stage.ts'
import { root } from '../../tests/served.ts'
import { loadMs } from './cold-start.ts'

const { values } = parseArgs({ options: { starts: { type: 'string', default: '200' } } })
const mustMs = 300
const photos = 100
const captureId = 'c-bench'
const tenant = anna.sub ?? ''

const missing = whyNotPlayed()
if (missing !== null) {
  process.stderr.write(`Not measured: ${missing}.\n`)
  process.exit(1)
}
const stage = await openStage((name) => fakeEntry(join(stage.folder, 'plan.json'))(name))
try {
  await placePhotos(stage)
  const times: number[] = []
  for (let count = 0; count < Number(values.starts); count++) times.push(await startMs(stage, count))
  const [first = 0, ...warm] = times
  const p95 = percentile(warm, 0.95)
  const rows = [
    `start-job, ${photos} photos, ${warm.length} starts one after another: p50 ${percentile(warm, 0.5).toFixed(0)} ms, p95 ${p95.toFixed(0)} ms, longest ${Math.max(...warm).toFixed(0)} ms`,
    `  must be under ${mustMs} ms at p95: ${p95 < mustMs ? 'met' : 'missed'}; the very first, which loads the function: ${first.toFixed(0)} ms`,
    ...(await loads()),
  ]
  process.stdout.write(`${rows.join('\n')}\n`)
} finally {
  await stage.close()
}

async function placePhotos({ account }: Stage): Promise<void> {
  const rows = Array.from({ length: photos }, (_, at) =>
    photoRow(`IMG_${at}.JPG`, createHash('sha256').update(String(at)).digest('hex'), 64),
  )
  const manifest: Manifest = {
    version: 1,
    captureId,
    name: 'Bench',
    folder: '/photos',
    createdAt: '2026-11-24T08:00:00.000Z',
    photos: rows,
    pairs: null,
  }
  for (const { object } of rows) await account.outside.put(bucket.photo(tenant, object), Buffer.alloc(64))
  await account.outside.put(bucket.manifest(tenant, captureId), Buffer.from(JSON.stringify(manifest)))
}

/** One start as its caller waits for it. Its first job is refused for good, so that no stage works beside the next measurement. */
async function startMs({ account }: Stage, count: number): Promise<number> {
  const runId = `r-20261124-${count.toString(16).padStart(6, '0')}`
  account.sageMaker.refusals.push({ stage: 'sfm', error: new ServiceError('ValidationException', 'refused by the benchmark') })
  const { status, tookMs } = await ask(account, anna, 'POST', 'start-job', order(runId, captureId))
  if (status !== 202) throw new Error(`start-job answered ${status}`)
  await account.states.executions.get([...account.states.executions.keys()].at(-1) ?? '')?.over
  return tookMs
}

/** Each bundle's bytes and the median of seven loads. */
async function loads(): Promise<string[]> {
  // Beside the packages: the functions find the SDK there, as they find the runtime's own on Lambda.
  const bundles = mkdtempSync(join(root, 'backend', 'node_modules', '.bench-'))
  try {
    const sizes = await bundleLambdas(bundles)
    return lambdaNames.map((name) => {
      const times = Array.from({ length: 7 }, () => loadMs(bundles, name))
      return `${name}: ${((sizes[name] ?? 0) / 1000).toFixed(0)} kB, loads in ${percentile(times, 0.5).toFixed(0)} ms (${Math.min(...times).toFixed(0)} to ${Math.max(...times).toFixed(0)})`
    })
  } finally {
    rmSync(bundles, { recursive: true, force: true })
  }
}
