import { join } from 'node:path'
import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Architecture, Code, Function as LambdaFunction, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import type { LambdaName } from '../bundle.ts'

type Parts = {
  readonly name: LambdaName
  /** The folder that `bundle.ts` filled. */
  readonly bundles: string
  readonly seconds: number
  readonly environment: Readonly<Record<string, string>>
  readonly may: readonly PolicyStatement[]
}

/** One small Lambda with a role of its own that may do what is listed here and nothing else. */
export class SmallFunction extends Construct {
  readonly function: LambdaFunction
  private readonly role: Role

  constructor(scope: Construct, id: string, parts: Parts) {
    super(scope, id)
    const logGroup = new LogGroup(this, 'Log', { retention: RetentionDays.THREE_MONTHS, removalPolicy: RemovalPolicy.DESTROY })
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })
    logGroup.grantWrite(this.role)
    for (const statement of parts.may) this.allow(statement)
    this.function = new LambdaFunction(this, 'Function', {
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(join(parts.bundles, parts.name)),
      handler: 'index.handler',
      role: this.role,
      memorySize: 512,
      timeout: Duration.seconds(parts.seconds),
      environment: { ...parts.environment, NODE_OPTIONS: '--enable-source-maps' },
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      tracing: Tracing.DISABLED,
    })
  }

  /** One right more. */
  allow(statement: PolicyStatement): void {
    this.role.addToPolicy(statement)
  }
}

/** A statement that allows `actions` on `resources`. */
export function allow(actions: readonly string[], resources: readonly string[]): PolicyStatement {
  return new PolicyStatement({ effect: Effect.ALLOW, actions: [...actions], resources: [...resources] })
}
