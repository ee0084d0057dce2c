// The CDK app: cdk synth|deploy --context env=NAME [--context interfaceEndpoints=true|false]
import { bundleFolder, bundleLambdas } from './bundle.ts'
import { addSpaceport, emptyApp } from './make-app.ts'

await bundleLambdas()
const app = emptyApp()
const wanted: unknown = app.node.tryGetContext('env')
const endpoints: unknown = app.node.tryGetContext('interfaceEndpoints')
const { CDK_DEFAULT_ACCOUNT: id, CDK_DEFAULT_REGION: region } = process.env
addSpaceport(app, {
  name: typeof wanted === 'string' ? wanted : 'dev',
  ...(endpoints === 'true' || endpoints === 'false' ? { interfaceEndpoints: endpoints === 'true' } : {}),
  bundles: bundleFolder,
  account: id && region ? { id, region } : null,
})
app.synth()
