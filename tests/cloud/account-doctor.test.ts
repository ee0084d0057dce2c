import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { rmSync } from 'node:fs'
import { textOf } from '../../backend/testing/json-service.ts'
import type { DoctorRow } from '../../core/doctor.ts'
import type { Engine } from '../../engine/engine.ts'
import { makePlace, open, type Place } from '../../engine/run/fixtures/line.ts'

const digest = (letter: string) => `sha256:${letter.repeat(64)}`
const imageOf = (name: string, letter: string) => `1234.dkr.ecr.us-east-1.amazonaws.com/spaceport/${name}@${digest(letter)}`
const rules: Readonly<Record<string, string>> = {
  publicAccessBlock:
    '<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>',
  encryption:
    '<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>',
  policy: JSON.stringify({ Statement: [{ Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }] }),
  versioning: '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>',
  lifecycle:
    '<LifecycleConfiguration><Rule><Status>Enabled</Status><AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload></Rule></LifecycleConfiguration>',
}

/** What the account answers, in the services' own shapes; the real SDK clients ask it. */
type Play = {
  gpuQuota: number
  pushed: readonly string[]
  rules: Record<string, string>
  denied: boolean
  asked: { target: string; body: string }[]
}
let play: Play
let server: Server
let place: Place
let engine: Engine
const services = ['STS', 'SFN', 'ECR', 'SERVICE_QUOTAS'].map((name) => `AWS_ENDPOINT_URL_${name}`)

beforeEach(async () => {
  play = { gpuQuota: 1, pushed: ['a', 'b', 'c'], rules: { ...rules }, denied: false, asked: [] }
  server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  for (const name of services) process.env[name] = endpoint
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_EC2_METADATA_DISABLED: 'true' })
  place = makePlace()
  engine = await open(place)
  await engine.handlers['targets.save']({
    name: 'studio',
    bucket: 'photos',
    region: 'us-east-1',
    tenant: 'owner',
    profile: null,
    endpoint,
    api: `${endpoint}/v1/`,
  })
})
afterEach(async () => {
  await engine.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  for (const name of [...services, 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) Reflect.deleteProperty(process.env, name)
  rmSync(place.root, { recursive: true, force: true })
})

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await textOf(request)
  const target =
    String(request.headers['x-amz-target'] ?? '')
      .split('.')
      .at(-1) ?? ''
  play.asked.push({ target, body })
  const tell = (status: number, text: string, type = 'application/x-amz-json-1.1') =>
    response.writeHead(status, { 'content-type': type }).end(text)
  if (body.includes('GetCallerIdentity'))
    return void tell(
      200,
      '<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::1234:user/anna</Arn><UserId>A</UserId><Account>1234</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
      'text/xml',
    )
  if (play.denied && target !== '') return void tell(400, JSON.stringify({ __type: 'AccessDeniedException', message: 'no' }))
  if (target !== '') return void tell(...jsonAnswer(target, body))
  if (request.url?.startsWith('/v1/jobs/')) return void tell(404, JSON.stringify({ code: 'cloud/no-run', what: 'None.', remedy: 'None.' }))
  if (request.url?.includes('list-type=2'))
    return void tell(200, '<ListBucketResult><KeyCount>0</KeyCount></ListBucketResult>', 'application/xml')
  if (request.method === 'POST')
    return void tell(200, '<InitiateMultipartUploadResult><UploadId>one</UploadId></InitiateMultipartUploadResult>', 'application/xml')
  if (request.method === 'DELETE') return void tell(204, '')
  const rule = Object.keys(rules).find((name) => request.url?.includes(name)) ?? ''
  const found = play.rules[rule]
  const missing = { publicAccessBlock: 'NoSuchPublicAccessBlockConfiguration', lifecycle: 'NoSuchLifecycleConfiguration' }[rule]
  return void (found === undefined
    ? tell(404, `<Error><Code>${missing}</Code></Error>`, 'application/xml')
    : tell(200, found, 'application/xml'))
}

function jsonAnswer(target: string, body: string): [number, string] {
  const json = (value: unknown): [number, string] => [200, JSON.stringify(value)]
  const asked = JSON.parse(body) as Record<string, unknown>
  switch (target) {
    case 'ListStateMachines':
      return json({
        stateMachines: [
          { name: 'SpaceportMLPipeline', stateMachineArn: 'arn:machine' },
          { name: 'other', stateMachineArn: 'arn:x' },
        ],
      })
    case 'DescribeStateMachine':
      return json({ definition: JSON.stringify([imageOf('sfm', 'a'), imageOf('3dgs', 'b'), imageOf('compressor', 'c')]) })
    case 'DescribeImages': {
      const wanted = (asked['imageIds'] as { imageDigest: string }[])[0]?.imageDigest ?? ''
      if (play.pushed.some((letter) => wanted === digest(letter))) return json({ imageDetails: [{ imageDigest: wanted }] })
      return [400, JSON.stringify({ __type: 'ImageNotFoundException', message: 'none' })]
    }
    case 'ListServiceQuotas': {
      const page = asked['NextToken'] === undefined ? { NextToken: 'two' } : {}
      const gpu = { QuotaName: 'ml.g4dn.xlarge for spot training job usage', QuotaCode: 'L-GPU1', Value: play.gpuQuota }
      const processors = ['ml.c6i.2xlarge', 'ml.c6i.4xlarge'].map((name, at) => ({
        QuotaName: `${name} for processing job usage`,
        QuotaCode: `L-CPU${at}`,
        Value: 4,
      }))
      return json({ ...page, Quotas: asked['NextToken'] === undefined ? processors : [gpu] })
    }
    default:
      return json({})
  }
}

const look = async () => new Map((await engine.handlers['account.doctor']({ name: 'studio' })).map((row) => [row.check, row]))
const said = (rows: ReadonlyMap<string, DoctorRow>, check: string) => rows.get(check) ?? expect.unreachable(check)
const gpu = 'Quota: ml.g4dn.xlarge for spot training job usage'

test('an account that has what a run needs is told so, each part by what it answered', async () => {
  const rows = await look()
  expect([...rows.values()].map(({ check, state }) => [check, state])).toEqual([
    ['Sign-in', 'ok'],
    ['Bucket', 'ok'],
    ['Sending photos', 'ok'],
    ['Runs', 'ok'],
    ['Identity', 'ok'],
    ['Prices', 'ok'],
    ['Bucket rules', 'ok'],
    ['Quota: ml.c6i.2xlarge for processing job usage', 'ok'],
    ['Quota: ml.c6i.4xlarge for processing job usage', 'ok'],
    [gpu, 'ok'],
    ['Containers', 'ok'],
  ])
  expect(said(rows, 'Identity').what).toBe('user/anna in account 1234')
  // The quotas lie in two pages, read once for the three that ask.
  expect(play.asked.filter(({ target }) => target === 'ListServiceQuotas')).toHaveLength(2)
})

test('a quota of zero blocks, and is asked for from here', async () => {
  play.gpuQuota = 0
  expect(said(await look(), gpu)).toMatchObject({ state: 'blocks', what: '0 allowed, 1 needed.', quota: 'L-GPU1' })
  await engine.handlers['account.requestQuota']({ name: 'studio', quota: 'L-GPU1' })
  const request = play.asked.find(({ target }) => target === 'RequestServiceQuotaIncrease')
  expect(JSON.parse(request?.body ?? '{}')).toEqual({ ServiceCode: 'sagemaker', QuotaCode: 'L-GPU1', DesiredValue: 1 })
})

test('an image that was never pushed blocks, and a bucket that lost a rule is named with it', async () => {
  play.pushed = ['a', 'c']
  Reflect.deleteProperty(play.rules, 'lifecycle')
  play.rules['versioning'] = '<VersioningConfiguration/>'
  const rows = await look()
  expect(said(rows, 'Containers')).toMatchObject({ state: 'blocks', what: 'Not in the registry: spaceport/3dgs.' })
  expect(said(rows, 'Bucket rules')).toMatchObject({ state: 'limits', what: 'photos is not versioned, not rid of unfinished uploads.' })
})

test('what a sign-in may not see is not known, which is no fault of the account', async () => {
  play.denied = true
  const rows = await look()
  for (const check of [gpu, 'Containers'])
    expect(said(rows, check)).toMatchObject({ state: 'unknown', what: expect.stringContaining('may not') as string })
  await expect(engine.handlers['account.doctor']({ name: 'other' })).rejects.toMatchObject({ problem: { code: 'cloud/not-set-up' } })
})
