import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import { allow } from './functions.ts'
import { jobArns } from './line-functions.ts'
import type { Images } from './images.ts'
import type { Network } from './network.ts'

/** The bytes that a laptop runs as well. */
export const definitionText: string = readFileSync(join(import.meta.dirname, '..', 'pipeline', 'reconstruct.asl.json'), 'utf8')

// A run of three stages at their usual limits and the pauses between attempts, and some: what lasts longer is forgotten, not working.
const longest = Duration.days(5)

type Parts = {
  readonly name: string
  readonly data: IBucket
  readonly images: Images
  readonly network: Network
  readonly report: IFunction
  readonly notify: IFunction
}

/** The state machine and the two roles that work for it: its own, and the one that the jobs have. */
export class Pipeline extends Construct {
  readonly machine: StateMachine
  readonly stageRole: Role

  constructor(scope: Construct, id: string, parts: Parts) {
    super(scope, id)
    const stack = Stack.of(this)
    this.stageRole = new Role(this, 'StageRole', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') })
    for (const statement of stageStatements(stack, parts)) this.stageRole.addToPolicy(statement)
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('states.amazonaws.com') })
    for (const statement of machineStatements(stack, parts, this.stageRole)) role.addToPolicy(statement)
    const [subnetA, subnetB] = parts.network.vpc.isolatedSubnets
    if (subnetA === undefined || subnetB === undefined) throw new Error('the network has fewer than two subnets')
    this.machine = new StateMachine(this, 'Machine', {
      stateMachineName: parts.name,
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromString(definitionText),
      definitionSubstitutions: {
        SfmImage: parts.images.uris.sfm,
        TrainImage: parts.images.uris['3dgs'],
        CompressionImage: parts.images.uris.compressor,
        StageRoleArn: this.stageRole.roleArn,
        SubnetA: subnetA.subnetId,
        SubnetB: subnetB.subnetId,
        SecurityGroup: parts.network.jobs.securityGroupId,
        ReportFunctionArn: parts.report.functionArn,
        NotifyFunctionArn: parts.notify.functionArn,
      },
      role,
      timeout: longest,
      tracingEnabled: true,
      logs: {
        level: LogLevel.ALL,
        // Addresses of a person's photos stay out of the log; the history of the execution has them.
        includeExecutionData: false,
        destination: new LogGroup(this, 'Log', { retention: RetentionDays.THREE_MONTHS, removalPolicy: RemovalPolicy.DESTROY }),
      },
    })
  }
}

function machineStatements(stack: Stack, parts: Parts, stageRole: Role): PolicyStatement[] {
  const jobs = jobArns(stack)
  const rules = ['StepFunctionsGetEventsForSageMakerTrainingJobsRule', 'StepFunctionsGetEventsForSageMakerProcessingJobsRule']
  return [
    allow(
      ['Processing', 'Training'].flatMap((kind) => [
        `sagemaker:Create${kind}Job`,
        `sagemaker:Describe${kind}Job`,
        `sagemaker:Stop${kind}Job`,
      ]),
      jobs,
    ),
    allow(['sagemaker:AddTags'], jobs),
    new PolicyStatement({
      actions: ['iam:PassRole'],
      resources: [stageRole.roleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
    }),
    // How a `.sync` task hears that its job has ended.
    allow(
      ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
      rules.map((name) => stack.formatArn({ service: 'events', resource: 'rule', resourceName: name })),
    ),
    allow(['lambda:InvokeFunction'], [parts.report.functionArn, parts.notify.functionArn]),
  ]
}

function stageStatements(stack: Stack, { data, images, network }: Parts): PolicyStatement[] {
  const logs = stack.formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: '/aws/sagemaker/*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  })
  return [
    allow(['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'], [data.arnForObjects('t/*')]),
    allow(['s3:ListBucket', 's3:GetBucketLocation'], [data.bucketArn]),
    allow(
      ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchCheckLayerAvailability'],
      Object.values(images.repositories).map((one) => one.repositoryArn),
    ),
    // It names no resource: a token for the registry as a whole.
    allow(['ecr:GetAuthorizationToken'], ['*']),
    allow(['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'], [logs]),
    // A job in a network of ours makes its own interface there. The Describe calls name no resource.
    allow(
      [
        'ec2:CreateNetworkInterface',
        'ec2:CreateNetworkInterfacePermission',
        'ec2:DeleteNetworkInterface',
        'ec2:DeleteNetworkInterfacePermission',
      ],
      [
        'network-interface/*',
        ...network.vpc.isolatedSubnets.map(({ subnetId }) => `subnet/${subnetId}`),
        `security-group/${network.jobs.securityGroupId}`,
      ].map((resource) => stack.formatArn({ service: 'ec2', resource })),
    ),
    allow(
      ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeVpcs', 'ec2:DescribeDhcpOptions', 'ec2:DescribeSubnets', 'ec2:DescribeSecurityGroups'],
      ['*'],
    ),
    new PolicyStatement({
      // It names no resource either; the condition holds it to SageMaker's own figures.
      actions: ['cloudwatch:PutMetricData'],
      resources: ['*'],
      conditions: { StringLike: { 'cloudwatch:namespace': ['/aws/sagemaker/*', 'aws/sagemaker/*'] } },
    }),
  ]
}
