import { mkdtempSync, rmSync } from 'node:fs'
import { mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { S3Client, PutObjectCommand } from '@aws-sdk/client-s3'
import { openFrontDoor, type FrontDoor } from '../../backend/testing/front-door.ts'
import type { CloudJob, JobState, StartJob, StopJob } from '../../core/cloud/api.ts'
import { type FaultProxy, startFaultProxy } from '../../engine/cloud/testing/fault-proxy.ts'
import { rootKey, type Server, startServer } from '../../engine/cloud/testing/versitygw.ts'
import type { Engine, EngineOptions } from '../../engine/engine.ts'
import { checked, makePlace, open, type Place } from '../../engine/run/fixtures/line.ts'

export const bucket = 'photos'

type Answer = { readonly statusCode: number; readonly body: unknown }

/** An account whose functions answer what a test says, behind a door that checks signatures; its bucket is a real S3 server. */
export type Stand = {
  readonly place: Place
  readonly server: Server
  readonly door: FrontDoor
  /** What lies between the engine and the bucket. */
  readonly line: FaultProxy
  /** What was asked of the account about runs, API and progress lines alike, by the runner's clock. */
  readonly asked: { readonly name: string; readonly atMs: number }[]
  readonly orders: StartJob[]
  readonly stops: StopJob[]
  /** What the account answers to GET /jobs; the last one stays. */
  readonly states: JobState[]
  /** Answers instead, once each, before anything else. */
  readonly refusals: Answer[]
  readonly put: (key: string, text: string) => Promise<void>
  readonly open: (options?: EngineOptions) => Promise<{ readonly engine: Engine; readonly captureId: string }>
  readonly close: () => Promise<void>
}

export const begunAt = '2026-11-24T10:00:00.000Z'
export const at = (second: number): string => new Date(Date.parse(begunAt) + second * 1000).toISOString()

export function job(stage: CloudJob['stage'], over: Partial<CloudJob> = {}): CloudJob {
  return {
    stage,
    name: `${stage}-1`,
    status: 'InProgress',
    secondary: null,
    instance: stage === '3dgs' ? 'ml.g4dn.xlarge' : 'ml.c6i.2xlarge',
    spot: stage === '3dgs',
    askedAt: at(0),
    startedAt: at(60),
    endedAt: null,
    billableSeconds: null,
    reason: null,
    ...over,
  }
}

export function jobState(jobs: readonly CloudJob[], over: Partial<JobState> = {}): JobState {
  const base = {
    runId: 'r-any',
    execution: 'RUNNING',
    outcome: null,
    kept: false,
    startedAt: begunAt,
    endedAt: null,
    jobs: [...jobs],
  } as const
  return { ...base, pausing: false, error: null, heardAt: null, bucket, prefix: 't/owner/runs/r-any', ...over } as JobState
}

export async function openStand(): Promise<Stand> {
  const place = makePlace({}, mkdtempSync(join(tmpdir(), 'spaceport-runner-')))
  const server = await startServer(bucket)
  const [asked, orders, stops, states, refusals, engines]: [Stand['asked'], StartJob[], StopJob[], JobState[], Answer[], Engine[]] = [
    [],
    [],
    [],
    [],
    [],
    [],
  ]
  let clockMs = 0
  // Time goes on only where the runner waits for it: what it waited is what a person's clock would show.
  const ticker = {
    nowMs: () => clockMs,
    wait: async (ms: number, signal: AbortSignal) => {
      await turn()
      if (!signal.aborted) clockMs += ms
    },
  }
  const reply = (statusCode: number, body: unknown) => ({ statusCode, headers: {}, body: JSON.stringify(body) })
  const invoke = async (name: string, event: unknown) => {
    asked.push({ name, atMs: clockMs })
    const { body, pathParameters } = event as { body: string | null; pathParameters: { id: string } | null }
    const refusal = refusals.shift()
    if (refusal) return reply(refusal.statusCode, refusal.body)
    if (name === 'start-job') {
      const order = JSON.parse(body ?? '') as StartJob
      orders.push(order)
      return reply(202, { runId: order.runId, execution: 'arn', startedAt: begunAt, again: orders.length > 1, limits: limits })
    }
    if (name === 'stop-job') {
      stops.push(JSON.parse(body ?? '') as StopJob)
      return reply(202, { runId: stops[0]?.runId, ended: false, jobs: [] })
    }
    const runId = pathParameters?.id ?? ''
    const state = states.length > 1 ? states.shift() : states[0]
    if (!state || orders.length === 0) return reply(404, { code: 'cloud/no-run', what: 'No such run.', remedy: 'None.' })
    return reply(200, { ...state, runId, prefix: `t/owner/runs/${runId}` })
  }
  const door = await openFrontDoor([{ ...rootKey, sub: null }], invoke)
  // The bucket as the runner sees it: what it asks there about a run that goes on is counted like what it asks of the API.
  const seen = await startFaultProxy(server.endpoint)
  seen.plan = ({ method, path }) => {
    if (method === 'GET' && path.endsWith('/progress.jsonl')) asked.push({ name: 'progress', atMs: clockMs })
    return null
  }
  const s3 = new S3Client({ endpoint: server.endpoint, region: 'us-east-1', forcePathStyle: true, credentials: rootKey })
  mkdirSync(place.home, { recursive: true })
  writeFileSync(join(place.root, 'none'), '')
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: rootKey.accessKeyId,
    AWS_SECRET_ACCESS_KEY: rootKey.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: join(place.root, 'none'),
    AWS_SHARED_CREDENTIALS_FILE: join(place.root, 'none'),
  })
  return {
    place,
    server,
    door,
    line: seen,
    asked,
    orders,
    stops,
    states,
    refusals,
    put: async (key, text) => void (await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: text }))),
    open: async (options = {}) => {
      const engine = await open(place, { ticker, ...options })
      engines.push(engine)
      await engine.handlers['targets.save']({
        name: 'studio',
        bucket,
        region: 'us-east-1',
        tenant: 'owner',
        profile: null,
        endpoint: seen.endpoint,
        api: door.url,
      })
      return { engine, captureId: await checked(engine, place.photos) }
    },
    close: async () => {
      for (const engine of engines) await engine.close()
      s3.destroy()
      await door.close()
      await seen.close()
      await server.close()
      rmSync(place.root, { recursive: true, force: true })
    },
  }
}

const limits = { sfm: 3600, '3dgs': 7200, compression: 3600 }
