import { type Stack, Token, Validations } from 'aws-cdk-lib'
import type { IConstruct } from 'constructs'
import type { Environment } from './environment.ts'

/** `path`: the construct below the stack. `on`: what the rule found there; without it, every finding of the rule. */
type Exception = {
  readonly path: string
  readonly rule: string
  readonly on?: readonly string[]
  readonly kind?: 'Resource' | 'Policy'
  readonly reason: string
}

const readRuns = '<StorageData6BB23F4E.Arn>/t/*/runs/*'
const manifests = '<StorageData6BB23F4E.Arn>/t/*/captures/*'

/** Every rule of AwsSolutions that is not kept, where, and why. What is not in this table fails the synthesis. */
export function exceptionsOf(stack: Stack, { names }: Environment): readonly Exception[] {
  const place = `${shown(stack.region, 'Region')}:${shown(stack.account, 'AccountId')}`
  const arn = (service: string, rest: string): string => `arn:${shown(stack.partition, 'Partition')}:${service}:${place}:${rest}`
  const jobs = [arn('sagemaker', 'processing-job/r-*'), arn('sagemaker', 'training-job/r-*')]
  const executions = arn('states', `execution:${names.machine}:*`)
  const api = (what: string): string => arn('execute-api', `<ApiRest4DEC74FE>/*/${what}`)
  const own = '<StorageData6BB23F4E.Arn>/t/<aws:PrincipalTag/tenant>'
  const byName =
    'Jobs, executions and objects get their names at run time. Each statement is held to the prefix that ours begin with; whose run it is follows from the signed caller.'
  return [
    { path: 'StartJob', rule: 'IAM5', on: [readRuns, manifests, executions], reason: byName },
    { path: 'StopJob', rule: 'IAM5', on: [executions, ...jobs], reason: byName },
    { path: 'GetJob', rule: 'IAM5', on: [readRuns, executions, ...jobs], reason: byName },
    { path: 'Link', rule: 'IAM5', on: [readRuns], reason: byName },
    { path: 'Report', rule: 'IAM5', on: [readRuns, `${readRuns}/report.json`, executions, ...jobs], reason: byName },
    { path: 'Notify', rule: 'IAM5', on: [readRuns, manifests], reason: byName },
    { path: 'DeadMan', rule: 'IAM5', on: [readRuns, executions, ...jobs], reason: byName },
    {
      path: 'Pipeline/StageRole',
      rule: 'IAM5',
      on: ['<StorageData6BB23F4E.Arn>/t/*', arn('ec2', 'network-interface/*'), arn('logs', 'log-group:/aws/sagemaker/*')],
      reason:
        'One role works for every run of every person, on interfaces and logs that SageMaker names; it reaches nothing outside the runs.',
    },
    {
      path: 'Pipeline/StageRole',
      rule: 'IAM5',
      on: ['*'],
      reason:
        'ecr:GetAuthorizationToken, ec2:Describe* and cloudwatch:PutMetricData know no resource; the last is held to SageMaker’s namespaces.',
    },
    { path: 'Pipeline/Role', rule: 'IAM5', on: jobs, reason: byName },
    {
      path: 'Pipeline/Role',
      rule: 'IAM5',
      on: ['*'],
      reason:
        'Log delivery (logs:*LogDelivery, resource policies) and X-Ray know no resource; the CDK writes these statements for logging and tracing.',
    },
    {
      path: 'Identity/Person',
      rule: 'IAM5',
      on: [`${own}/*`, `${own}/photos/*`, `${own}/captures/*`],
      reason: 'Everything below the person’s own prefix, which is the person’s own. The policy variable is what keeps tenants apart.',
    },
    {
      path: 'Identity/Person',
      rule: 'IAM5',
      on: [api('POST/start-job'), api('POST/stop-job'), api('GET/jobs/*')],
      reason: 'The star stands for the API’s one stage and for the run’s name, which the function checks against the caller.',
    },
    {
      path: 'Identity/People',
      rule: 'COG8',
      reason: 'The plus plan is paid for each person and month; people are invited one by one and sign-up is closed.',
    },
    {
      path: 'Identity/People',
      rule: 'COG2',
      reason: 'A second factor is offered, not forced: a surveyor in the field may have one device. The owner can force it in the console.',
    },
    {
      path: 'Api/Rest',
      rule: 'IAM4',
      on: ['arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs'],
      kind: 'Policy',
      reason:
        'API Gateway writes its logs through one role of the account, and this policy is the one that AWS asks for there. It only writes logs.',
    },
    {
      path: 'Api/Rest',
      rule: 'APIG3',
      reason: 'A web firewall costs every month; every method but one asks for IAM’s signature, and throttling holds the rest.',
    },
    {
      path: 'Api/Rest',
      rule: 'COG4',
      reason:
        'Requests are signed with the identity pool’s temporary keys (AWS_IAM), so that policies decide; a Cognito authorizer would only add a second way in.',
    },
    {
      path: 'Api/Rest/Default/links',
      rule: 'APIG4',
      reason: 'Whoever gets the mail has no account here. The token in the path is signed, names one file and runs out.',
    },
    {
      path: 'LinkKey',
      rule: 'SMG4',
      reason: 'A new key would make every mail’s link die at once. It never leaves the account and signs nothing but links of seven days.',
    },
  ]
}

/** Tells cdk-nag of every exception. */
export function acknowledge(stack: Stack, environment: Environment): void {
  for (const { path, rule, on, kind = 'Resource', reason } of exceptionsOf(stack, environment)) {
    const target = path.split('/').reduce<IConstruct>((scope, id) => scope.node.findChild(id), stack)
    const base = `AwsSolutions::AwsSolutions-${rule}`
    for (const id of on ? on.map((what) => `${base}[${kind}::${what}]`) : [base]) Validations.of(target).acknowledge({ id, reason })
  }
}

// cdk-nag writes a value that only the deployment knows in angle brackets.
function shown(value: string, name: string): string {
  return Token.isUnresolved(value) ? `<AWS::${name}>` : value
}
