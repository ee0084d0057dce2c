import { RemovalPolicy } from 'aws-cdk-lib'
import {
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2'
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'

type Parts = {
  readonly data: IBucket
  /** True: private endpoints for ECR and logs too. They cost about 0.01 USD an hour each and zone, also while nothing runs. */
  readonly interfaceEndpoints: boolean
}

/** Where the jobs run: two zones without any way to the internet; S3 through a gateway, which is free. */
export class Network extends Construct {
  readonly vpc: Vpc
  readonly jobs: SecurityGroup

  constructor(scope: Construct, id: string, parts: Parts) {
    super(scope, id)
    const logGroup = new LogGroup(this, 'FlowLogs', { retention: RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.DESTROY })
    this.vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr('10.42.0.0/22'),
      maxAzs: 2,
      natGateways: 0,
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [{ name: 'jobs', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 24 }],
      flowLogs: { rejected: { destination: FlowLogDestination.toCloudWatchLogs(logGroup), trafficType: FlowLogTrafficType.REJECT } },
    })
    this.jobs = new SecurityGroup(this, 'Jobs', {
      vpc: this.vpc,
      description: 'SageMaker jobs: nothing comes in, only HTTPS goes out',
      allowAllOutbound: false,
    })
    this.jobs.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'HTTPS to the endpoints of this network; there is no other route')
    const s3 = this.vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 })
    s3.addToPolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        principals: [new AnyPrincipal()],
        actions: ['s3:GetObject', 's3:PutObject', 's3:ListBucket', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
        resources: [parts.data.bucketArn, parts.data.arnForObjects('*')],
      }),
    )
    if (parts.interfaceEndpoints) this.addInterfaces(s3)
  }

  private addInterfaces(s3: ReturnType<Vpc['addGatewayEndpoint']>): void {
    const services = {
      EcrApi: InterfaceVpcEndpointAwsService.ECR,
      EcrImages: InterfaceVpcEndpointAwsService.ECR_DOCKER,
      CloudWatchLogs: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
    }
    const open = new SecurityGroup(this, 'Endpoints', {
      vpc: this.vpc,
      description: 'Private endpoints: HTTPS from the jobs only',
      allowAllOutbound: false,
    })
    open.addIngressRule(this.jobs, Port.tcp(443), 'HTTPS from the jobs')
    for (const [name, service] of Object.entries(services))
      this.vpc.addInterfaceEndpoint(name, { service, securityGroups: [open], open: false })
    // ECR keeps the layers of its images in a bucket of its own, which is fetched through the same gateway.
    s3.addToPolicy(
      new PolicyStatement({
        principals: [new AnyPrincipal()],
        actions: ['s3:GetObject'],
        resources: [`arn:aws:s3:::prod-${this.vpc.env.region}-starport-layer-bucket/*`],
      }),
    )
  }
}
