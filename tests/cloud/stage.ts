import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import sharp from 'sharp'
import { SignatureV4 } from '@smithy/signature-v4'
import { type Account, openAccount } from '../../backend/testing/account.ts'
import { type Key, Sha256 } from '../../backend/testing/front-door.ts'
import { whyNoMinistack } from '../../backend/testing/ministack.ts'
import type { Entry } from '../../backend/testing/sagemaker.ts'
import { JobState, type StartJob } from '../../core/cloud/api.ts'
import type { Manifest } from '../../core/capture/manifest.ts'
import { bucket } from '../../core/layout.ts'
import type { StageName } from '../../core/run/events.ts'
import { presets } from '../../core/run/settings.ts'
import { prepareServer, rootKey, type Server, startServer } from '../../engine/cloud/testing/versitygw.ts'
import { root } from '../served.ts'
import { openWalledServer } from './walled-server.ts'

export const bucketName = 'photos'
export const anna: Key = { accessKeyId: 'ANNA', secretAccessKey: 'anna-secret', sub: '0a0a0a0a-0000-4000-8000-00000000000a' }
export const bela: Key = { accessKeyId: 'BELA', secretAccessKey: 'bela-secret', sub: '0b0b0b0b-0000-4000-8000-00000000000b' }
export const late: Key = { accessKeyId: 'LATE', secretAccessKey: 'late-secret', sub: anna.sub, expired: true }

/** Why the account cannot be played here; null where it can. */
export function whyNotPlayed(): string | null {
  const bundles = existsSync(join(root, 'backend', 'node_modules', 'esbuild')) ? null : 'the packages of backend/ are not installed'
  return bundles ?? whyNoMinistack() ?? prepareServer()
}

export type Stage = {
  readonly folder: string
  readonly server: Server
  readonly account: Account
  /** The keys that the account knows; a test may let one run out. */
  readonly keys: Key[]
  readonly close: () => Promise<void>
}

/** Opens an account with its bucket; `entryOf` says what the machines run. `walled`: the bucket too knows anna and bela, each by own keys. */
export async function openStage(entryOf: (stage: StageName) => Entry, { walled = false } = {}): Promise<Stage> {
  const { bundleLambdas } = await import('../../backend/bundle.ts')
  const folder = mkdtempSync(join(tmpdir(), 'spaceport-cloud-'))
  // Beside the packages: the functions find the SDK there, as they find the runtime's own on Lambda.
  const bundles = mkdtempSync(join(root, 'backend', 'node_modules', '.loopback-'))
  await bundleLambdas(bundles)
  const { server, keys } = walled
    ? await openWalledServer(folder, bucketName, [anna.sub ?? '', bela.sub ?? ''])
    : { server: await startServer(bucketName), keys: [anna, bela, late] }
  const known = [...keys]
  const account = await openAccount({
    folder,
    s3: { endpoint: server.endpoint, bucket: bucketName, ...rootKey },
    bundles,
    keys: known,
    entryOf,
  })
  return {
    folder,
    server,
    account,
    keys: known,
    close: async () => {
      await account.close()
      await server.close()
      rmSync(folder, { recursive: true, force: true })
      rmSync(bundles, { recursive: true, force: true })
    },
  }
}

/** The real entry points, as the images start them. */
export function realEntry(stage: StageName): Entry {
  const python = join(root, '.venv', ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']))
  const at = (folder: string): string => join(root, 'containers', folder)
  if (stage === 'sfm') return { command: python, args: [join(at('sfm'), 'sfm.py')], cwd: at('sfm'), flags: false }
  if (stage === '3dgs') return { command: python, args: [join(at('3dgs'), 'train.py')], cwd: at('3dgs'), flags: false }
  return { command: process.execPath, args: [join(at('compressor'), 'compress.ts')], cwd: at('compressor'), flags: false }
}

/** Stages that keep the contract and count instead of computing, for tests whose point is the account. */
export function fakeEntry(planFile: string): (stage: StageName) => Entry {
  const fake = join(root, 'engine', 'run', 'fixtures', 'fake-stage.mjs')
  return (stage) => ({ command: process.execPath, args: [fake, stage, planFile], cwd: join(root, 'engine'), flags: true })
}

/** A capture of the first `count` sample photos in a folder of its own. */
export async function sampleCapture(folder: string, count: number, captureId: string): Promise<{ manifest: Manifest; photos: string }> {
  const photos = join(folder, captureId)
  mkdirSync(photos, { recursive: true })
  const samples = join(root, 'samples', 'caliterra')
  const names = readdirSync(samples)
    .filter((name) => name.endsWith('.jpg'))
    .sort()
    .slice(0, count)
  const listed = await Promise.all(
    names.map(async (file): Promise<Manifest['photos'][number]> => {
      cpSync(join(samples, file), join(photos, file))
      const { width, height } = await sharp(join(samples, file)).metadata()
      const sha256 = createHash('sha256')
        .update(readFileSync(join(samples, file)))
        .digest('hex')
      return {
        file,
        object: `${sha256}.jpg`,
        sizeBytes: statSync(join(samples, file)).size,
        widthPx: width,
        heightPx: height,
        camera: 'sample',
        focalPx: null,
        orientation: 1,
        takenAt: null,
        gps: null,
        use: true,
      }
    }),
  )
  const manifest: Manifest = {
    version: 1,
    captureId,
    name: 'Caliterra, a few photos',
    folder: photos,
    createdAt: '2026-11-24T08:00:00.000Z',
    photos: listed,
    pairs: null,
  }
  return { manifest, photos }
}

/** Puts a manifest and its photos where the uploader would; the play itself uses the real uploader. */
export async function placeCapture({ outside }: Account, tenant: string, manifest: Manifest): Promise<void> {
  for (const photo of manifest.photos)
    await outside.put(bucket.photo(tenant, photo.object), readFileSync(join(manifest.folder, photo.file)))
  await outside.put(bucket.manifest(tenant, manifest.captureId), Buffer.from(JSON.stringify(manifest)))
}

/** An order with settings that finish in seconds. */
export function order(runId: string, captureId: string, over: Partial<StartJob> = {}): StartJob {
  const { sfm, train, compression } = presets.preview
  return { runId, captureId, step: 'full', preset: 'preview', fromRun: null, capUsd: null, sfm, train, compression, ...over }
}

export type Answer = { readonly status: number; readonly body: Record<string, unknown>; readonly tookMs: number }

/** Asks the account's API as the app does: signed with the caller's temporary keys. */
export async function ask({ door }: Account, key: Key, method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer> {
  const url = new URL(path, door.url)
  const text = body === undefined ? undefined : JSON.stringify(body)
  const signer = new SignatureV4({ service: 'execute-api', region: 'us-east-1', credentials: key, sha256: Sha256 })
  const { headers } = await signer.sign({
    method,
    protocol: 'http:',
    hostname: url.hostname,
    port: Number(url.port),
    path: url.pathname,
    headers: { host: url.host, ...(text === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(text === undefined ? {} : { body: text }),
  })
  const from = performance.now()
  const answer = await fetch(url, { method, headers, ...(text === undefined ? {} : { body: text }) })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown>, tookMs: performance.now() - from }
}

/** How a run stands, asked until `when` holds. */
export async function until(account: Account, key: Key, runId: string, when: (state: JobState) => boolean): Promise<JobState> {
  for (;;) {
    const { status, body } = await ask(account, key, 'GET', `jobs/${runId}`)
    if (status !== 200) throw new Error(JSON.stringify(body))
    const state = JobState.parse(body)
    if (when(state)) return state
    // What was waited for cannot come any more.
    if (isOver(state)) throw new Error(`the run is over: ${JSON.stringify(state)}`)
    await pause(200)
  }
}

export const isOver = (state: JobState): boolean => state.outcome !== null
