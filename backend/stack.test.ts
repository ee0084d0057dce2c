import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import aslValidator from 'asl-validator'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Resource, type Statement, type Template, workshop } from './testing/synthesise.ts'

let shop: Awaited<ReturnType<typeof workshop>>
let template: Template
const definition = readFileSync(join(import.meta.dirname, 'pipeline', 'reconstruct.asl.json'), 'utf8')

beforeAll(async () => {
  shop = await workshop()
  template = shop.synthesise({ name: 'production', account: null })
}, 300_000)
afterAll(() => shop.close())

const ofType = (type: string): Resource[] => Object.values(template.Resources).filter((one) => one.Type === type)
const statements = (): Statement[] =>
  ofType('AWS::IAM::Policy').flatMap((one) => (one.Properties['PolicyDocument'] as { Statement: Statement[] }).Statement)
const byText = (a: unknown, b: unknown): number => String(a).localeCompare(String(b))
const list = (value: string | string[]): string[] => (Array.isArray(value) ? value : [value])

test('the stack synthesises offline for each environment, for any account and for a given one', () => {
  expect(Object.keys(template.Resources).length).toBeGreaterThan(60)
  const other = shop.synthesise({ name: 'dev', account: { id: '111122223333', region: 'eu-central-1' } })
  const names = Object.values(other.Resources).flatMap((one) => one.Properties['StateMachineName'] ?? [])
  expect(names).toEqual(['SpaceportMLPipeline-dev'])
}, 300_000)

test('the deployed definition is the file that a laptop runs, byte for byte, and every substitution is given', () => {
  const [machine] = ofType('AWS::StepFunctions::StateMachine')
  expect(machine?.Properties['DefinitionString']).toBe(definition)
  const wanted = new Set([...definition.matchAll(/\$\{(\w+)\}/g)].map((one) => one[1]))
  expect(new Set(Object.keys(machine?.Properties['DefinitionSubstitutions'] as object))).toEqual(wanted)
  expect(machine?.Properties).toMatchObject({ StateMachineName: 'SpaceportMLPipeline', StateMachineType: 'STANDARD' })
  expect(aslValidator(JSON.parse(definition), { checkArn: true, checkPaths: true }).isValid).toBe(true)
})

test('no policy of AWS with full access, and only what knows no resource is allowed on all of them', () => {
  expect(JSON.stringify(template)).not.toContain('FullAccess')
  const everywhere = statements().filter((one) => one.Effect === 'Allow' && one.Resource === '*')
  expect(everywhere.flatMap((one) => list(one.Action)).sort()).toEqual([
    'cloudwatch:PutMetricData',
    'ec2:DescribeDhcpOptions',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSecurityGroups',
    'ec2:DescribeSubnets',
    'ec2:DescribeVpcs',
    'ecr:GetAuthorizationToken',
    'logs:CreateLogDelivery',
    'logs:DeleteLogDelivery',
    'logs:DescribeLogGroups',
    'logs:DescribeResourcePolicies',
    'logs:GetLogDelivery',
    'logs:ListLogDeliveries',
    'logs:PutResourcePolicy',
    'logs:UpdateLogDelivery',
    'xray:GetSamplingRules',
    'xray:GetSamplingTargets',
    'xray:PutTelemetryRecords',
    'xray:PutTraceSegments',
  ])
  for (const { Action } of statements()) for (const action of list(Action)) expect(action).not.toMatch(/^\*$|^[a-z0-9-]+:\*$/)
})

test('every bucket is encrypted, closed to the public and refuses plain HTTP', () => {
  const buckets = ofType('AWS::S3::Bucket')
  expect(buckets).toHaveLength(3)
  for (const { Properties } of buckets)
    expect(Properties).toMatchObject({
      BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    })
  const denials = ofType('AWS::S3::BucketPolicy').map((one) => JSON.stringify(one.Properties['PolicyDocument']))
  expect(denials).toHaveLength(3)
  for (const policy of denials) expect(policy).toContain('"Bool":{"aws:SecureTransport":"false"}')
  const data = buckets.find((one) => JSON.stringify(one.Properties['VersioningConfiguration'] ?? {}).includes('Enabled'))
  expect(data?.Properties).toMatchObject({
    LoggingConfiguration: { LogFilePrefix: 'data/' },
    LifecycleConfiguration: { Rules: [{ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } }] },
  })
})

test('registries never let a tag change its image, and scan what is pushed', () => {
  const registries = ofType('AWS::ECR::Repository').map((one) => one.Properties)
  expect(registries.map((one) => one['RepositoryName']).sort(byText)).toEqual(['spaceport/3dgs', 'spaceport/compressor', 'spaceport/sfm'])
  for (const one of registries)
    expect(one).toMatchObject({ ImageTagMutability: 'IMMUTABLE', ImageScanningConfiguration: { ScanOnPush: true } })
})

test('every question of the app is signed and checked; only the mail’s link is open', () => {
  const methods = ofType('AWS::ApiGateway::Method').filter((one) => one.Properties['HttpMethod'] !== 'OPTIONS')
  expect(methods.map((one) => one.Properties['AuthorizationType']).sort(byText)).toEqual(['AWS_IAM', 'AWS_IAM', 'AWS_IAM', 'NONE'])
  for (const one of methods) expect(one.Properties['RequestValidatorId']).toBeDefined()
  const [start] = ofType('AWS::ApiGateway::Model').filter((one) => one.Properties['Name'] === 'StartJob')
  expect(start?.Properties['Schema']).toMatchObject({
    type: 'object',
    additionalProperties: false,
    properties: { step: { enum: ['full', '3dgs', 'compression'] } },
  })
})

test('each alarm reaches the topic, and the dead-man looks every five minutes', () => {
  const alarms = ofType('AWS::CloudWatch::Alarm')
  expect(alarms.length).toBeGreaterThanOrEqual(10)
  for (const one of alarms) expect(one.Properties['AlarmActions']).toHaveLength(1)
  expect(ofType('AWS::Events::Rule').map((one) => one.Properties['ScheduleExpression'])).toEqual(['rate(5 minutes)'])
  expect(ofType('AWS::Budgets::Budget')).toHaveLength(1)
  expect(JSON.stringify(ofType('AWS::CloudTrail::Trail')[0]?.Properties)).toContain('AWS::S3::Object')
})

test('a rule that is broken without a reason fails the synthesis', async () => {
  const { Bucket } = await import('aws-cdk-lib/aws-s3')
  const { app, stack } = shop.begin({ name: 'dev', account: null })
  new Bucket(stack, 'Open')
  expect(() => app.synth()).toThrow(/AwsSolutions-S10/)
}, 300_000)

test('each Lambda is a small module', () => {
  expect(Object.keys(shop.sizes)).toHaveLength(7)
  for (const [name, bytes] of Object.entries(shop.sizes)) expect(bytes, name).toBeLessThan(300_000)
  for (const one of ofType('AWS::Lambda::Function').filter((it) => it.Properties['Handler'] === 'index.handler'))
    expect(one.Properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] })
})
