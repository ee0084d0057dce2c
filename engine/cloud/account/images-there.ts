import { DescribeImagesCommand } from '@aws-sdk/client-ecr'
import { DescribeStateMachineCommand, ListStateMachinesCommand } from '@aws-sdk/client-sfn'
import { type Found, ok } from '../../doctor.ts'
import type { AccountClients } from './clients.ts'

const machineName = /^SpaceportMLPipeline(-[a-z0-9]+)?$/
const image = /\.amazonaws\.com(?:\.cn)?\/(spaceport(?:-[a-z0-9]+)?\/(?:sfm|3dgs|compressor))@(sha256:[0-9a-f]{64})/g

/** Whether each image that the deployed pipeline names by digest lies in its registry: a run would learn it only after minutes. */
export async function imageRows(clients: AccountClients): Promise<Found> {
  const arns = await machinesIn(clients)
  if (arns.length === 0)
    return {
      state: 'blocks',
      what: 'The account has no SpaceportMLPipeline.',
      remedy: 'Deploy the backend: build/deploy.sh all (docs/deploy.md).',
    }
  const wanted = new Map<string, string>()
  for (const stateMachineArn of arns) {
    const { definition = '' } = await clients.states.send(new DescribeStateMachineCommand({ stateMachineArn }))
    for (const [, repository = '', digest = ''] of definition.matchAll(image)) wanted.set(repository, digest)
  }
  const missing: string[] = []
  for (const [repository, digest] of wanted) if (!(await isThere(clients, repository, digest))) missing.push(repository)
  if (missing.length === 0 && wanted.size > 0) return ok(`${wanted.size} images, each there by its digest`)
  return {
    state: 'blocks',
    what: missing.length === 0 ? 'The pipeline names no image.' : `Not in the registry: ${missing.join(', ')}.`,
    remedy: 'Build and push them: build/deploy.sh all (docs/deploy.md).',
  }
}

/** The pipelines of every environment that is deployed in the account. */
export async function machinesIn({ states }: AccountClients): Promise<string[]> {
  const found: string[] = []
  let nextToken: string | undefined
  do {
    const page = await states.send(new ListStateMachinesCommand({ maxResults: 1000, nextToken }))
    for (const { name = '', stateMachineArn = '' } of page.stateMachines ?? []) if (machineName.test(name)) found.push(stateMachineArn)
    nextToken = page.nextToken
  } while (nextToken !== undefined)
  return found
}

async function isThere({ images }: AccountClients, repositoryName: string, imageDigest: string): Promise<boolean> {
  try {
    const { imageDetails = [] } = await images.send(new DescribeImagesCommand({ repositoryName, imageIds: [{ imageDigest }] }))
    return imageDetails.length > 0
  } catch (error) {
    const { name } = error as Error
    if (name === 'ImageNotFoundException' || name === 'RepositoryNotFoundException') return false
    throw error
  }
}
