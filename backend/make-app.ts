import { App, Tags, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import { environmentOf } from './environment.ts'
import { acknowledge } from './exceptions.ts'
import { SpaceportStack } from './spaceport-stack.ts'

/** What a stack is made for. `account` null: the template fits any account and region. */
export type Making = {
  readonly name: string
  readonly interfaceEndpoints?: boolean
  readonly bundles: string
  readonly account: { readonly id: string; readonly region: string } | null
}

// How the CDK writes templates: today's ways of it, named here so that every door to the app gives the same template.
const ways = {
  '@aws-cdk/core:validateAgainstDefaultRules': true,
  '@aws-cdk/aws-iam:minimizePolicies': true,
  '@aws-cdk/core:enablePartitionLiterals': true,
  '@aws-cdk/aws-iam:standardizedServicePrincipals': true,
  '@aws-cdk/aws-apigateway:disableCloudWatchRole': true,
  '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true,
} as const

/** An app without a stack; `outdir`: where its template goes, the CDK's own choice where it is absent. */
export function emptyApp(outdir?: string): App {
  return new App({ ...(outdir ? { outdir } : {}), context: ways })
}

/** Puts the one stack into the app, every rule switched on. `app.synth` throws where one is broken and no exception gives a reason. */
export function addSpaceport(app: App, { name, interfaceEndpoints, bundles, account }: Making): SpaceportStack {
  const environment = environmentOf(name, interfaceEndpoints)
  const stack = new SpaceportStack(app, environment.names.stack, {
    environment,
    bundles,
    description: 'Spaceport: photos to Gaussian splats',
    terminationProtection: environment.production,
    ...(account ? { env: { account: account.id, region: account.region } } : {}),
  })
  Tags.of(stack).add('spaceport:environment', environment.name)
  acknowledge(stack, environment)
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
  return stack
}
