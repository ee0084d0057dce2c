import { createHash } from 'node:crypto'
import type { StartJob, Started } from '../../../core/cloud/api.ts'
import { Manifest } from '../../../core/capture/manifest.ts'
import { bucket } from '../../../core/layout.ts'
import { attemptsUnderCap, stagesOf } from '../../../core/pipeline/machines.ts'
import { type PipelineInput, pipelineInput, type Places } from '../../../core/pipeline/prepare.ts'
import { leastCapUsd, limitsOf, type StageMachine } from '../../../core/run/cost.ts'
import type { StageName } from '../../../core/run/events.ts'
import type { RunSettings } from '../../../core/run/settings.ts'
import { Refused } from './door.ts'
import { head, list, putJson, readJson, uriOf } from './objects.ts'
import { unverified } from './photos.ts'

/** What is started: the pipeline's input, and what has to lie in the bucket before. */
export type Order = {
  readonly input: PipelineInput
  readonly limits: Started['limits']
  readonly place: () => Promise<void>
}

// sfm aligns three photos at least; fewer are no reconstruction.
const leastPhotos = 3

/** Turns a request into an order. Refuses with 400 what cannot work. */
export async function orderOf(tenant: string, request: StartJob): Promise<Order> {
  const run = bucket.run(tenant, request.runId)
  const photos = request.step === 'full' ? await photosOf(tenant, request) : null
  const places: Places = {
    inputs: {
      manifest: uriOf(photos?.manifestKey(run) ?? bucket.manifest(tenant, request.captureId)),
      photos: uriOf(photos?.key(run) ?? `${run}/photos.manifest`),
    },
    outputs: {
      sfm: uriOf(`${run}/sfm`),
      train: uriOf(`${run}/3dgs`),
      checkpoints: uriOf(`${run}/3dgs/checkpoints`),
      compression: uriOf(`${run}/compression`),
    },
    sparse: request.step === '3dgs' ? await sparseOf(tenant, request.fromRun) : null,
    scene: request.step === 'compression' ? await sceneOf(tenant, request.fromRun) : null,
  }
  const settings: RunSettings = {
    step: request.step,
    preset: request.preset,
    where: 'cloud',
    fromRun: request.fromRun,
    capUsd: request.capUsd,
    sfm: request.sfm,
    train: request.train,
    compression: request.compression,
  }
  const input = withCap(onItsMachine(pipelineInput(request.runId, settings, places, 0), request), request)
  const { sfm, train, compression } = input.machines
  return {
    input,
    limits: { sfm: sfm.maxSeconds, '3dgs': train.maxSeconds, compression: compression.maxSeconds },
    place: async () => {
      if (photos) await Promise.all([putJson(photos.key(run), photos.list), putJson(photos.manifestKey(run), photos.manifest)])
    },
  }
}

/** The manifest's photos as SageMaker's list of files, after each was seen in the bucket with its size. */
async function photosOf(tenant: string, { captureId }: StartJob) {
  const manifest = await manifestOf(tenant, captureId)
  const used = manifest.photos.filter((photo) => photo.use)
  if (used.length < leastPhotos)
    throw new Refused(400, 'cloud/few-photos', `The manifest names ${used.length} photos.`, 'Choose three photos or more.')
  const missing = await unverified(tenant, used)
  if (missing.length > 0) {
    const what = `${missing.length} of ${used.length} photos are not in the bucket as the manifest has them (${missing[0]?.file}).`
    throw new Refused(400, 'cloud/photos-unverified', what, 'Upload the capture again: only what is missing is sent.')
  }
  const objects = [...new Set(used.map((photo) => photo.object))].sort()
  const files = [{ prefix: uriOf(bucket.photo(tenant, '')) }, ...objects]
  // Both lie with the run and are named by their content: neither a later request nor a newer manifest changes what a run reads.
  return {
    list: files,
    manifest,
    key: (run: string) => `${run}/photos-${nameOf(files)}.manifest`,
    manifestKey: (run: string) => `${run}/inputs-${nameOf(manifest)}/manifest.json`,
  }
}

const nameOf = (content: unknown): string => createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16)

async function manifestOf(tenant: string, captureId: string): Promise<Manifest> {
  const again = 'Upload the capture again.'
  const found = await readJson(bucket.manifest(tenant, captureId), Manifest).catch((cause: unknown) => {
    throw new Refused(400, 'cloud/manifest', 'The manifest of this capture cannot be read.', again, { cause })
  })
  if (found === null) throw new Refused(400, 'cloud/no-manifest', `The bucket has no manifest of the capture ${captureId}.`, again)
  return found
}

async function sparseOf(tenant: string, fromRun: string | null): Promise<string> {
  const folder = `${bucket.run(tenant, named(fromRun))}/sfm`
  if (!(await head(`${folder}/sparse/0/images.bin`)))
    throw new Refused(400, 'cloud/no-sparse', `The run ${fromRun} left no sparse model.`, 'Start with the full pipeline.')
  return uriOf(folder)
}

/** SageMaker puts a training job's model below the job's own name, which only the listing knows. */
async function sceneOf(tenant: string, fromRun: string | null): Promise<string> {
  const stored = await list(`${bucket.run(tenant, named(fromRun))}/3dgs/`)
  const scenes = stored.filter(({ key, bytes }) => key.endsWith('/output/model/scene.ply') && bytes > 0)
  const newest = scenes.sort((a, b) => b.changedAt.getTime() - a.changedAt.getTime())[0]
  if (!newest) throw new Refused(400, 'cloud/no-scene', `The run ${fromRun} left no trained scene.`, 'Start with training.')
  return uriOf(newest.key.slice(0, -'/scene.ply'.length))
}

function named(fromRun: string | null): string {
  if (fromRun === null) throw new Refused(400, 'cloud/from-run', 'This step needs the run that it goes on from.', 'Choose an earlier run.')
  return fromRun
}

/** Training on the CPU has no use for a GPU's price. */
function onItsMachine(input: PipelineInput, { train }: StartJob): PipelineInput {
  if (train.engine === 'cuda') return input
  return { ...input, machines: { ...input.machines, train: { ...input.machines.train, instance: input.machines.compression.instance } } }
}

function withCap(input: PipelineInput, { capUsd, step }: StartJob): PipelineInput {
  if (capUsd === null) return input
  const { sfm, train, compression } = input.machines
  const machines: Record<StageName, StageMachine> = { sfm, '3dgs': train, compression }
  const stages = stagesOf(step)
  const limits = limitsOf(capUsd, machines, stages, attemptsUnderCap)
  if (limits === null) {
    const least = leastCapUsd(machines, stages, attemptsUnderCap)
    throw new Refused(400, 'cloud/cap', `With ${capUsd} USD no stage could finish.`, `Set the limit to ${least} USD or more.`)
  }
  const wait = train.maxWaitSeconds - train.maxSeconds
  return {
    ...input,
    machines: {
      sfm: { ...sfm, maxSeconds: limits.sfm },
      train: { ...train, maxSeconds: limits['3dgs'], maxWaitSeconds: limits['3dgs'] + wait },
      compression: { ...compression, maxSeconds: limits.compression },
    },
    again: { ...input.again, left: attemptsUnderCap - 1 },
  }
}
