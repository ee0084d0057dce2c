import { runSimulation } from '@cloud-copilot/iam-simulate'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { filledIn, type Template, workshop } from './testing/synthesise.ts'

const account = '111122223333'
const region = 'eu-central-1'
const bucket = 'arn:aws:s3:::photos'
const api = `arn:aws:execute-api:${region}:${account}:abc123/v1`
const person = `arn:aws:sts::${account}:assumed-role/Person/CognitoIdentityCredentials`
const [anna, bela] = ['0a0a0a0a-0000-4000-8000-00000000000a', '0b0b0b0b-0000-4000-8000-00000000000b'] as const

type Policy = { readonly Version: string; readonly Statement: unknown[] }
let personPolicy: Policy
let bucketPolicy: Policy
let shop: Awaited<ReturnType<typeof workshop>>

const policyOf = (template: Template, kind: string, part: string): Policy => {
  const [found] = Object.entries(template.Resources).filter(([id, one]) => one.Type === kind && id.startsWith(part))
  if (!found) throw new Error(`no ${kind} ${part}`)
  const known = {
    'StorageData6BB23F4E.Arn': bucket,
    'AWS::Partition': 'aws',
    'AWS::Region': region,
    'AWS::AccountId': account,
    ApiRest4DEC74FE: 'abc123',
  }
  return filledIn(found[1].Properties['PolicyDocument'], known) as Policy
}

beforeAll(async () => {
  shop = await workshop()
  const template = shop.synthesise({ name: 'production', account: null })
  personPolicy = policyOf(template, 'AWS::IAM::Policy', 'IdentityPerson')
  bucketPolicy = policyOf(template, 'AWS::S3::BucketPolicy', 'StorageData')
}, 300_000)
afterAll(() => shop.close())

type Ask = { readonly who: string; readonly action: string; readonly resource: string; readonly prefix?: string; readonly tls?: boolean }

/** What AWS would say to a request of a person of the user pool. */
async function said({ who, action, resource, prefix, tls = true }: Ask, policy: Policy = personPolicy): Promise<string> {
  const s3 = action.startsWith('s3:')
  const result = await runSimulation(
    {
      request: {
        principal: person,
        action,
        resource: { resource, accountId: account },
        contextVariables: {
          'aws:PrincipalTag/tenant': who,
          'aws:SecureTransport': String(tls),
          ...(s3 ? { 's3:TlsVersion': '1.3' } : {}),
          ...(prefix === undefined ? {} : { 's3:prefix': prefix }),
        },
      },
      identityPolicies: [{ name: 'person', policy }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...(s3 ? { resourcePolicy: bucketPolicy } : {}),
    },
    {},
  )
  if (result.resultType !== 'single') throw new Error(JSON.stringify(result))
  return result.result.analysis.result
}

const object = (tenant: string, rest: string): string => `${bucket}/t/${tenant}/${rest}`

/** What the app asks for in its own place. */
const needed = (me: string): Ask[] => [
  { who: me, action: 's3:PutObject', resource: object(me, 'photos/a.jpg') },
  { who: me, action: 's3:GetObject', resource: object(me, 'photos/a.jpg') },
  { who: me, action: 's3:AbortMultipartUpload', resource: object(me, 'photos/a.jpg') },
  { who: me, action: 's3:ListMultipartUploadParts', resource: object(me, 'photos/a.jpg') },
  { who: me, action: 's3:PutObject', resource: object(me, 'captures/c-1/manifest.json') },
  { who: me, action: 's3:GetObject', resource: object(me, 'runs/r-1/compression/scene.sog') },
  { who: me, action: 's3:ListBucket', resource: bucket, prefix: `t/${me}/photos/` },
  { who: me, action: 'execute-api:Invoke', resource: `${api}/POST/start-job` },
  { who: me, action: 'execute-api:Invoke', resource: `${api}/POST/stop-job` },
  { who: me, action: 'execute-api:Invoke', resource: `${api}/GET/jobs/r-1` },
]

/** What reaches into somebody else's place. */
const foreign = (me: string, other: string): Ask[] => [
  { who: me, action: 's3:PutObject', resource: object(other, 'photos/a.jpg') },
  { who: me, action: 's3:GetObject', resource: object(other, 'photos/a.jpg') },
  { who: me, action: 's3:GetObject', resource: object(other, 'runs/r-1/compression/scene.sog') },
  { who: me, action: 's3:AbortMultipartUpload', resource: object(other, 'photos/a.jpg') },
  { who: me, action: 's3:ListMultipartUploadParts', resource: object(other, 'photos/a.jpg') },
  { who: me, action: 's3:ListBucket', resource: bucket, prefix: `t/${other}/` },
  { who: me, action: 's3:GetObject', resource: object(`${me}x`, 'photos/a.jpg') },
  { who: me, action: 's3:ListBucket', resource: bucket, prefix: `t/${me}x/` },
]

/** What nobody of the user pool may do, in any place. */
const never = (me: string): Ask[] => [
  { who: me, action: 's3:ListBucket', resource: bucket, prefix: '' },
  { who: me, action: 's3:ListBucket', resource: bucket, prefix: 't/' },
  { who: me, action: 's3:ListBucket', resource: bucket },
  { who: me, action: 's3:PutObject', resource: object(me, 'runs/r-1/report.json') },
  { who: me, action: 's3:DeleteObject', resource: object(me, 'photos/a.jpg') },
  { who: me, action: 's3:PutBucketPolicy', resource: bucket },
  { who: me, action: 's3:GetObject', resource: `${bucket}/secret.txt` },
  { who: me, action: 'execute-api:Invoke', resource: `${api}/GET/other` },
  { who: me, action: 'sagemaker:StopTrainingJob', resource: `arn:aws:sagemaker:${region}:${account}:training-job/r-1` },
]

test('each of two people is allowed everything that the app needs in the own place', async () => {
  for (const ask of [...needed(anna), ...needed(bela)]) expect([ask, await said(ask)]).toEqual([ask, 'Allowed'])
})

test('and nothing in the place of the other, nor of one whose name begins alike', async () => {
  for (const ask of [...foreign(anna, bela), ...foreign(bela, anna)]) expect([ask, await said(ask)]).toEqual([ask, 'ImplicitlyDenied'])
})

test('and nothing that would write results, delete, or look around', async () => {
  for (const ask of never(anna)) expect([ask, await said(ask)]).toEqual([ask, 'ImplicitlyDenied'])
})

test('without TLS the bucket refuses even what is one’s own', async () => {
  const [put] = needed(anna)
  if (put) expect(await said({ ...put, tls: false })).toBe('ExplicitlyDenied')
})

test('someone without a place of the own reaches nothing', async () => {
  for (const ask of needed(anna).filter((one) => one.action.startsWith('s3:')))
    expect(await said({ ...ask, who: '' })).toBe('ImplicitlyDenied')
})

test('a policy that forgets whose place it is would be caught by each of these', async () => {
  const mutant = JSON.parse(JSON.stringify(personPolicy).replaceAll('${aws:PrincipalTag/tenant}', '*')) as Policy
  const caught = []
  for (const ask of foreign(anna, bela)) if ((await said(ask, mutant)) === 'Allowed') caught.push(ask)
  expect(caught).toEqual(foreign(anna, bela))
})
