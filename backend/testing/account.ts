import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { AdminCreateUserCommand, CognitoIdentityProviderClient, CreateUserPoolCommand } from '@aws-sdk/client-cognito-identity-provider'
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { CreateEmailIdentityCommand, SESv2Client } from '@aws-sdk/client-sesv2'
import type { StageName } from '../../core/run/events.ts'
import { type FrontDoor, type Key, openFrontDoor } from './front-door.ts'
import type { Outside } from './machine.ts'
import { type Ministack, startMinistack } from './ministack.ts'
import { type Entry, SageMaker } from './sagemaker.ts'
import { States } from './states.ts'

const region = 'us-east-1'
const sender = 'spaceport@example.org'

export type AccountOptions = {
  readonly folder: string
  /** A running S3 server and the key to it. */
  readonly s3: { readonly endpoint: string; readonly bucket: string; readonly accessKeyId: string; readonly secretAccessKey: string }
  readonly bundles: string
  readonly keys: readonly Key[]
  readonly entryOf: (stage: StageName) => Entry
}

/** An account on loopback with Spaceport deployed in it. */
export type Account = {
  readonly door: FrontDoor
  readonly sageMaker: SageMaker
  readonly states: States
  readonly ministack: Ministack
  /** Calls a function that no request reaches, with other variables where given. */
  readonly invoke: (name: string, event: unknown, variables?: Readonly<Record<string, string>>) => Promise<unknown>
  readonly outside: Outside
  readonly close: () => Promise<void>
}

export async function openAccount(options: AccountOptions): Promise<Account> {
  const { folder, s3 } = options
  const ministack = await startMinistack(join(folder, 'ministack'))
  const outside = outsideOf(s3)
  const sageMaker = new SageMaker({ folder: join(folder, 'jobs'), outside, entryOf: options.entryOf })
  const sageMakerEndpoint = await sageMaker.listen()
  const lambdas: { close: () => Promise<void> }[] = []
  let call = async (_name: string, _event: unknown): Promise<unknown> => undefined
  const states = new States({
    definition: readFileSync(join(import.meta.dirname, '..', 'pipeline', 'reconstruct.asl.json'), 'utf8'),
    substitutions: substitutions(),
    sageMaker: sageMakerEndpoint,
    invoke: (arn, payload) => call(arn.split(':').at(-1) ?? '', payload),
  })
  const statesEndpoint = await states.listen()
  const door = await openFrontDoor(options.keys, (name, event) => call(name, event))
  const variables = {
    ...(await placed(ministack.endpoint, options.keys)),
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: s3.accessKeyId,
    AWS_SECRET_ACCESS_KEY: s3.secretAccessKey,
    AWS_ENDPOINT_URL_S3: s3.endpoint,
    AWS_ENDPOINT_URL_SFN: statesEndpoint,
    AWS_ENDPOINT_URL_SAGEMAKER: sageMakerEndpoint,
    AWS_ENDPOINT_URL_SESV2: ministack.endpoint,
    AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: ministack.endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: ministack.endpoint,
    LAMBDA_BUNDLES: options.bundles,
    BUCKET: s3.bucket,
    MACHINE_ARN: states.machineArn,
    IMAGE_DIGESTS: `sha256:${'1'.repeat(64)},sha256:${'2'.repeat(64)},sha256:${'3'.repeat(64)}`,
    SENDER: sender,
    OWNER_MAIL: 'owner@example.org',
    API_URL: door.url,
    SILENT_MINUTES: '30',
    ENVIRONMENT: 'loopback',
  }
  const usual = await startLambdas(variables)
  lambdas.push(usual)
  call = usual.call
  return {
    door,
    sageMaker,
    states,
    ministack,
    outside,
    invoke: async (name, event, other) => {
      if (!other) return usual.call(name, event)
      const host = await startLambdas({ ...variables, ...other })
      try {
        return await host.call(name, event)
      } finally {
        await host.close()
      }
    },
    close: async () => {
      await door.close()
      await states.close()
      await sageMaker.close()
      for (const one of lambdas) await one.close()
      await ministack.close()
    },
  }
}

function substitutions(): Record<string, string> {
  const image = (name: string): string => `000000000000.dkr.ecr.${region}.amazonaws.com/spaceport/${name}@sha256:${'1'.repeat(64)}`
  const lambda = (name: string): string => `arn:aws:lambda:${region}:000000000000:function:${name}`
  return {
    SfmImage: image('sfm'),
    TrainImage: image('3dgs'),
    CompressionImage: image('compressor'),
    StageRoleArn: 'arn:aws:iam::000000000000:role/Stage',
    SubnetA: 'subnet-a',
    SubnetB: 'subnet-b',
    SecurityGroup: 'sg-jobs',
    ReportFunctionArn: lambda('report'),
    NotifyFunctionArn: lambda('notify'),
  }
}

/** What the stack makes beside: a confirmed sender, a pool with its people, the key of the links. */
async function placed(endpoint: string, keys: readonly Key[]): Promise<Record<string, string>> {
  const client = { endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }
  const [ses, cognito, secrets] = [new SESv2Client(client), new CognitoIdentityProviderClient(client), new SecretsManagerClient(client)]
  await ses.send(new CreateEmailIdentityCommand({ EmailIdentity: sender }))
  const pool = (await cognito.send(new CreateUserPoolCommand({ PoolName: 'people' }))).UserPool?.Id ?? ''
  for (const { sub, accessKeyId, expired } of keys)
    if (sub !== null && !expired)
      await cognito.send(
        new AdminCreateUserCommand({
          UserPoolId: pool,
          Username: sub,
          MessageAction: 'SUPPRESS',
          UserAttributes: [{ Name: 'email', Value: `${accessKeyId.toLowerCase()}@example.org` }],
        }),
      )
  const { ARN = '' } = await secrets.send(new CreateSecretCommand({ Name: 'link-key', SecretString: 'only-on-loopback-'.repeat(4) }))
  for (const one of [ses, cognito, secrets]) one.destroy()
  return { USER_POOL: pool, LINK_KEY_ARN: ARN }
}

async function startLambdas(variables: Readonly<Record<string, string>>) {
  const env = { PATH: process.env['PATH'] ?? '', ...variables }
  const child = spawn(process.execPath, [join(import.meta.dirname, 'lambda-host.mjs')], { env, stdio: ['pipe', 'pipe', 'pipe'] })
  let log = ''
  child.stderr.on('data', (chunk: Buffer) => (log = `${log}${String(chunk)}`.slice(-6000)))
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve)
    void gone.then(() => reject(new Error(log)))
  })
  return {
    call: async (name: string, event: unknown): Promise<unknown> => {
      const answer = await fetch(`${url}/${name}`, { method: 'POST', body: JSON.stringify(event) })
      const body = (await answer.json()) as { errorType?: string; errorMessage?: string }
      if (answer.status === 200) return body
      throw Object.assign(new Error(`${name}: ${body.errorMessage}\n${log}`), { name: body.errorType ?? 'Error' })
    },
    close: async () => {
      child.stdin.end()
      await gone
    },
  }
}

function outsideOf({ endpoint, bucket, accessKeyId, secretAccessKey }: AccountOptions['s3']): Outside {
  const s3 = new S3Client({ endpoint, region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } })
  return {
    async list(prefix) {
      const keys: string[] = []
      let token: string | undefined
      do {
        const page = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }))
        keys.push(...(page.Contents ?? []).map((one) => one.Key ?? ''))
        token = page.NextContinuationToken
      } while (token !== undefined)
      return keys
    },
    get: async (key) =>
      Buffer.from((await (await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }))).Body?.transformToByteArray()) ?? []),
    put: async (key, bytes) => void (await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes }))),
  }
}
