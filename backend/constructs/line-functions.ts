import { ArnFormat, Stack } from 'aws-cdk-lib'
import type { UserPool } from 'aws-cdk-lib/aws-cognito'
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager'
import type { EmailIdentity } from 'aws-cdk-lib/aws-ses'
import type { Construct } from 'constructs'
import type { LambdaName } from '../bundle.ts'
import type { Environment } from '../environment.ts'
import { allow, SmallFunction } from './functions.ts'
import type { Images } from './images.ts'
import type { Storage } from './storage.ts'

const colon = ArnFormat.COLON_RESOURCE_NAME

type Parts = {
  readonly environment: Environment
  readonly bundles: string
  readonly storage: Storage
  readonly images: Images
  readonly sender: EmailIdentity
  readonly senderMail: string
  readonly ownerMail: string
  readonly linkKey: ISecret
}

// Longest silence of a working job. Stages speak every ten seconds; carrying the file out and a slow disk are granted the rest.
const silentMinutes = 30

/** Every Lambda of the line with its rights, each by name. The machine is named, not referred to, because it refers to two of them. */
export function functionsOf(stack: Stack, parts: Parts) {
  const { data } = parts.storage
  const machine = stack.formatArn({
    service: 'states',
    resource: 'stateMachine',
    resourceName: parts.environment.names.machine,
    arnFormat: colon,
  })
  const executions = stack.formatArn({
    service: 'states',
    resource: 'execution',
    resourceName: `${parts.environment.names.machine}:*`,
    arnFormat: colon,
  })
  const place = { BUCKET: data.bucketName, MACHINE_ARN: machine }
  const readRuns = [allow(['s3:GetObject'], [data.arnForObjects('t/*/runs/*')]), allow(['s3:ListBucket'], [data.bucketArn])]
  const seeJobs = [
    allow(['states:DescribeExecution', 'states:GetExecutionHistory'], [executions]),
    allow(['sagemaker:DescribeTrainingJob', 'sagemaker:DescribeProcessingJob'], jobArns(stack)),
  ]
  const stopJobs = [
    allow(['states:StopExecution'], [executions]),
    allow(['sagemaker:StopTrainingJob', 'sagemaker:StopProcessingJob'], jobArns(stack)),
  ]
  const make = (name: LambdaName, seconds: number, environment: Record<string, string>, may: readonly PolicyStatement[]): SmallFunction =>
    new SmallFunction(stack, idOf(name), { name, bundles: parts.bundles, seconds, environment, may })

  const start = make('start-job', 20, { ...place, IMAGE_DIGESTS: Object.values(parts.images.digests).join(',') }, [
    ...readRuns,
    allow(['s3:GetObject'], [data.arnForObjects('t/*/captures/*')]),
    allow(['s3:PutObject'], [data.arnForObjects('t/*/runs/*')]),
    allow(['states:StartExecution'], [machine]),
    allow(['states:DescribeExecution'], [executions]),
  ])
  const stop = make('stop-job', 20, place, [...seeJobs, ...stopJobs])
  const get = make('get-job', 20, place, [...seeJobs, ...readRuns])
  const secret = { LINK_KEY_ARN: parts.linkKey.secretArn }
  const readSecret = allow(['secretsmanager:GetSecretValue'], [parts.linkKey.secretArn])
  const link = make('link', 10, { BUCKET: data.bucketName, ...secret }, [...readRuns, readSecret])
  const report = make('report', 120, place, [
    ...seeJobs,
    ...readRuns,
    allow(['s3:PutObject'], [data.arnForObjects('t/*/runs/*/report.json')]),
  ])
  const mail = { SENDER: parts.senderMail, OWNER_MAIL: parts.ownerMail }
  const notify = make('notify', 30, { BUCKET: data.bucketName, ...secret, ...mail }, [
    ...readRuns,
    readSecret,
    allow(['s3:GetObject'], [data.arnForObjects('t/*/captures/*')]),
    allow(['ses:SendEmail'], [parts.sender.emailIdentityArn]),
  ])
  const deadMan = make('dead-man', 60, { ...place, SILENT_MINUTES: String(silentMinutes), ENVIRONMENT: parts.environment.names.watch }, [
    allow(['states:ListExecutions'], [machine]),
    ...seeJobs,
    ...stopJobs,
    ...readRuns,
  ])
  const byName: Readonly<Record<string, IFunction>> = {
    Start: start.function,
    Stop: stop.function,
    Get: get.function,
    Link: link.function,
    Report: report.function,
    Notify: notify.function,
    DeadMan: deadMan.function,
  }
  return {
    start: start.function,
    stop: stop.function,
    get: get.function,
    link: link.function,
    report: report.function,
    notify: notify.function,
    deadMan: deadMan.function,
    byName,
    /** Mails go to the addresses that the user pool has. */
    knowPeople: (people: UserPool): void => {
      notify.function.addEnvironment('USER_POOL', people.userPoolId)
      notify.allow(allow(['cognito-idp:AdminGetUser'], [people.userPoolArn]))
    },
    knowApi: (url: string): void => void notify.function.addEnvironment('API_URL', url),
  }
}

const idOf = (name: LambdaName): string =>
  name
    .split('-')
    .map((part) => `${part.slice(0, 1).toUpperCase()}${part.slice(1)}`)
    .join('')

/** Jobs are named by their run, whose name begins with `r-`. */
export function jobArns(scope: Construct): string[] {
  const stack = Stack.of(scope)
  return ['processing-job', 'training-job'].map((resource) => stack.formatArn({ service: 'sagemaker', resource, resourceName: 'r-*' }))
}
