import { CfnOutput, CfnParameter, Stack, type StackProps } from 'aws-cdk-lib'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import { EmailIdentity, Identity as Sender } from 'aws-cdk-lib/aws-ses'
import type { Construct } from 'constructs'
import { Api } from './constructs/api.ts'
import { Identity } from './constructs/identity.ts'
import { Images } from './constructs/images.ts'
import { functionsOf } from './constructs/line-functions.ts'
import { Network } from './constructs/network.ts'
import { Pipeline } from './constructs/pipeline.ts'
import { Storage } from './constructs/storage.ts'
import { Watch } from './constructs/watch.ts'
import type { Environment } from './environment.ts'

type Parts = StackProps & { readonly environment: Environment; readonly bundles: string }

/** Spaceport in one account, for one environment. It lists and connects; the constructs decide. */
export class SpaceportStack extends Stack {
  constructor(scope: Construct, id: string, { environment, bundles, ...props }: Parts) {
    super(scope, id, props)
    const { names } = environment
    const ownerMail = this.ask('OwnerMail', 'Who is told of alarms and of money, and gets the mails of runs started with an AWS profile')
    const senderMail = this.ask('SenderMail', 'The address that mails come from; SES asks it to confirm')
    const budget = new CfnParameter(this, 'MonthlyBudgetUsd', { type: 'Number', default: 100, minValue: 1 })

    const storage = new Storage(this, 'Storage')
    const images = new Images(this, 'Images', names.images)
    const network = new Network(this, 'Network', { data: storage.data, interfaceEndpoints: environment.interfaceEndpoints })
    const sender = new EmailIdentity(this, 'Sender', { identity: Sender.email(senderMail) })
    const linkKey = new Secret(this, 'LinkKey', {
      description: 'Signs the links in the mails',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
    })
    const functions = functionsOf(this, { environment, bundles, storage, images, sender, senderMail, ownerMail, linkKey })
    const pipeline = new Pipeline(this, 'Pipeline', {
      name: names.machine,
      data: storage.data,
      images,
      network,
      report: functions.report,
      notify: functions.notify,
    })
    const api = new Api(this, 'Api', { name: names.api, ...functions })
    const identity = new Identity(this, 'Identity', {
      data: storage.data,
      environment: environment.name,
      mayCall: ['POST/start-job', 'POST/stop-job', 'GET/jobs/*'].map((one) => api.rest.arnForExecuteApi(...methodOf(one))),
    })
    functions.knowPeople(identity.userPool)
    functions.knowApi(api.rest.url)
    new Watch(this, 'Watch', {
      name: names.watch,
      ownerMail,
      budgetUsd: budget.valueAsNumber,
      data: storage.data,
      logs: storage.logs,
      machine: pipeline.machine,
      rest: api.rest,
      functions: functions.byName,
      deadMan: functions.deadMan,
    })
    this.tell({
      Api: api.rest.url,
      Bucket: storage.data.bucketName,
      Region: this.region,
      UserPool: identity.userPool.userPoolId,
      UserPoolClient: identity.client.userPoolClientId,
      IdentityPool: identity.identityPool.ref,
      SignIn: identity.domain,
      StateMachine: pipeline.machine.stateMachineArn,
    })
  }

  private ask(name: string, description: string): string {
    return new CfnParameter(this, name, { type: 'String', allowedPattern: '[^@ ]+@[^@ ]+\\.[^@ ]+', description }).valueAsString
  }

  private tell(outputs: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, `${name}Output`, { value, key: name })
  }
}

function methodOf(text: string): [method: string, path: string] {
  const slash = text.indexOf('/')
  return [text.slice(0, slash), text.slice(slash)]
}
