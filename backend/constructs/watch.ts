import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import { CfnBudget } from 'aws-cdk-lib/aws-budgets'
import { Trail } from 'aws-cdk-lib/aws-cloudtrail'
import { Alarm, ComparisonOperator, Dashboard, GraphWidget, type IMetric, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import type { RestApi } from 'aws-cdk-lib/aws-apigateway'
import { Rule, Schedule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction as RunFunction } from 'aws-cdk-lib/aws-events-targets'
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'

type Parts = {
  readonly name: string
  readonly ownerMail: string
  readonly budgetUsd: number
  readonly data: IBucket
  readonly logs: IBucket
  readonly machine: StateMachine
  readonly rest: RestApi
  readonly functions: Readonly<Record<string, IFunction>>
  readonly deadMan: IFunction
}

// How often the dead-man looks. A job that hangs costs at most this and the silence that it is granted.
const look = Duration.minutes(5)

/** Alarms that reach a person, the dashboard, the record of who read what, the budget, and the dead-man's clock. */
export class Watch extends Construct {
  readonly topic: Topic

  constructor(scope: Construct, id: string, parts: Parts) {
    super(scope, id)
    this.topic = new Topic(this, 'Alarms', { enforceSSL: true })
    this.topic.addSubscription(new EmailSubscription(parts.ownerMail))
    this.topic.grantPublish(new ServicePrincipal('cloudwatch.amazonaws.com'))
    const metrics = metricsOf(parts)
    for (const [name, metric] of Object.entries(metrics)) this.alarm(name, metric)
    new Dashboard(this, 'Dashboard', {
      dashboardName: parts.name,
      widgets: [
        [
          new GraphWidget({
            title: 'Runs',
            left: [parts.machine.metricStarted(), parts.machine.metricSucceeded(), parts.machine.metricFailed()],
          }),
          new GraphWidget({ title: 'Trouble', left: Object.values(metrics) }),
          new GraphWidget({ title: 'API, ms', left: [parts.rest.metricLatency({ statistic: 'p95' })] }),
        ],
      ],
    })
    new Rule(this, 'DeadManClock', { schedule: Schedule.rate(look), targets: [new RunFunction(parts.deadMan, { retryAttempts: 2 })] })
    this.addTrail(parts)
    this.addBudget(parts)
  }

  private alarm(name: string, metric: IMetric): void {
    const alarm = new Alarm(this, name, {
      metric,
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    })
    alarm.addAlarmAction(new SnsAction(this.topic))
  }

  private addTrail({ data, logs }: Parts): void {
    const bucket = new Bucket(this, 'TrailBucket', {
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      serverAccessLogsBucket: logs,
      serverAccessLogsPrefix: 'trail/',
      lifecycleRules: [{ expiration: Duration.days(365) }],
      removalPolicy: RemovalPolicy.RETAIN,
    })
    const trail = new Trail(this, 'Trail', {
      bucket,
      isMultiRegionTrail: false,
      includeGlobalServiceEvents: false,
      enableFileValidation: true,
    })
    trail.addS3EventSelector([{ bucket: data }])
  }

  private addBudget({ name, ownerMail, budgetUsd }: Parts): void {
    const tell = (notificationType: string, threshold: number): CfnBudget.NotificationWithSubscribersProperty => ({
      notification: { notificationType, threshold, thresholdType: 'PERCENTAGE', comparisonOperator: 'GREATER_THAN' },
      subscribers: [{ subscriptionType: 'EMAIL', address: ownerMail }],
    })
    new CfnBudget(this, 'Budget', {
      budget: { budgetName: name, budgetType: 'COST', timeUnit: 'MONTHLY', budgetLimit: { amount: budgetUsd, unit: 'USD' } },
      notificationsWithSubscribers: [tell('ACTUAL', 80), tell('ACTUAL', 100), tell('FORECASTED', 100)],
    })
  }
}

function metricsOf({ machine, rest, functions, name }: Parts): Record<string, IMetric> {
  const every = { period: Duration.minutes(5), statistic: 'Sum' }
  return {
    RunFailed: machine.metricFailed(every),
    RunTimedOut: machine.metricTimedOut(every),
    ApiFaults: rest.metricServerError(every),
    DeadManStopped: new Metric({ namespace: 'Spaceport', metricName: 'DeadManStops', dimensionsMap: { Environment: name }, ...every }),
    ...Object.fromEntries(Object.entries(functions).map(([id, one]) => [`${id}Errors`, one.metricErrors(every)])),
  }
}
