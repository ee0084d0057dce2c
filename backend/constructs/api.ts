import { RemovalPolicy } from 'aws-cdk-lib'
import {
  AccessLogFormat,
  AuthorizationType,
  Cors,
  EndpointType,
  JsonSchemaVersion,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  type Model,
  type RequestValidator,
  ResponseType,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import { z } from 'zod'
import { StartJob, StopJob } from '../../core/cloud/api.ts'

type Parts = {
  readonly name: string
  readonly start: IFunction
  readonly stop: IFunction
  readonly get: IFunction
  readonly link: IFunction
}

// A person starts a run now and then and asks how it stands four times a minute; more is a fault or an attack.
const throttling = { throttlingRateLimit: 20, throttlingBurstLimit: 40 }

/** The three questions of the app, signed; and the door behind the mails' links, whose token is the key. */
export class Api extends Construct {
  readonly rest: RestApi
  private readonly validator: RequestValidator

  constructor(scope: Construct, id: string, parts: Parts) {
    super(scope, id)
    const log = new LogGroup(this, 'AccessLog', { retention: RetentionDays.THREE_MONTHS, removalPolicy: RemovalPolicy.DESTROY })
    this.rest = new RestApi(this, 'Rest', {
      restApiName: parts.name,
      endpointConfiguration: { types: [EndpointType.REGIONAL] },
      cloudWatchRole: true,
      cloudWatchRoleRemovalPolicy: RemovalPolicy.DESTROY,
      deployOptions: {
        stageName: 'v1',
        ...throttling,
        accessLogDestination: new LogGroupLogDestination(log),
        accessLogFormat: AccessLogFormat.jsonWithStandardFields(),
        loggingLevel: MethodLoggingLevel.ERROR,
        metricsEnabled: true,
        tracingEnabled: true,
      },
      defaultCorsPreflightOptions: { allowOrigins: Cors.ALL_ORIGINS, allowMethods: ['GET', 'POST', 'OPTIONS'] },
    })
    this.validator = this.rest.addRequestValidator('Validator', { validateRequestBody: true, validateRequestParameters: true })
    this.rest.addGatewayResponse('BadBody', {
      type: ResponseType.BAD_REQUEST_BODY,
      templates: {
        'application/json':
          '{"code":"cloud/request","what":$context.error.messageString,"remedy":"Update Spaceport, then start the run again."}',
      },
    })
    this.post('start-job', parts.start, this.model('StartJob', StartJob))
    this.post('stop-job', parts.stop, this.model('StopJob', StopJob))
    this.rest.root
      .addResource('jobs')
      .addResource('{id}')
      .addMethod('GET', new LambdaIntegration(parts.get), {
        authorizationType: AuthorizationType.IAM,
        requestValidator: this.validator,
        requestParameters: { 'method.request.path.id': true },
      })
    this.rest.root
      .addResource('links')
      .addResource('{token}')
      .addMethod('GET', new LambdaIntegration(parts.link), {
        authorizationType: AuthorizationType.NONE,
        requestValidator: this.validator,
        requestParameters: { 'method.request.path.token': true },
      })
  }

  private post(path: string, handler: IFunction, model: Model): void {
    this.rest.root.addResource(path).addMethod('POST', new LambdaIntegration(handler), {
      authorizationType: AuthorizationType.IAM,
      requestValidator: this.validator,
      requestModels: { 'application/json': model },
    })
  }

  private model(name: string, type: z.ZodType): Model {
    const schema = z.toJSONSchema(type, { target: 'draft-4' }) as Record<string, unknown>
    // The name of the dialect that API Gateway reads; zod writes the address of the same one.
    return this.rest.addModel(name, {
      modelName: name,
      contentType: 'application/json',
      schema: { ...schema, schema: JsonSchemaVersion.DRAFT4 },
    })
  }
}
