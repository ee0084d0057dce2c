import { ListExecutionsCommand, StopExecutionCommand } from '@aws-sdk/client-sfn'
import type { CloudJob } from '../../core/cloud/api.ts'
import { bucket } from '../../core/layout.ts'
import { deadSince } from '../../core/cloud/dead-man.ts'
import { variable } from './parts/environment.ts'
import { ownerOf, sfn } from './parts/executions.ts'
import { heardOf } from './parts/heard.ts'
import { historyOf, isAlive, jobState, stopJob } from './parts/jobs.ts'

/** Runs every few minutes: an execution whose job works in silence is stopped, and the job with it. Returns the names of those. */
export const handler = async (): Promise<{ stopped: string[] }> => {
  const stopped: string[] = []
  let nextToken: string | undefined
  do {
    const page = await sfn.send(
      new ListExecutionsCommand({ stateMachineArn: variable('MACHINE_ARN'), statusFilter: 'RUNNING', nextToken, maxResults: 100 }),
    )
    for (const { executionArn = '', name = '' } of page.executions ?? []) if (await stopIfDead(executionArn, name)) stopped.push(name)
    nextToken = page.nextToken
  } while (nextToken !== undefined)
  count(stopped.length)
  return { stopped }
}

async function stopIfDead(arn: string, name: string): Promise<boolean> {
  const owner = ownerOf(name)
  if (!owner) return false
  const { jobs } = await historyOf(arn)
  const alive = (await Promise.all(jobs.map(jobState))).filter((job) => job !== null).filter(isAlive)
  const heard = await heardOf(bucket.run(owner.tenant, owner.runId))
  const dead = alive.filter((job) => isDead(job, heard))
  if (dead.length === 0) return false
  const silent = `Nothing was heard of ${dead[0]?.name} for ${variable('SILENT_MINUTES')} minutes.`
  await sfn.send(new StopExecutionCommand({ executionArn: arn, error: 'Spaceport.Silent', cause: silent }))
  for (const job of dead) await stopJob(job.stage, job.name)
  return true
}

function isDead(job: CloudJob, heard: Date | null): boolean {
  return deadSince(job, heard, new Date(), Number(variable('SILENT_MINUTES'))) !== null
}

// CloudWatch's embedded metric format: one line on stdout is a figure, without a right to write figures.
function count(stops: number): void {
  const figure = {
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [{ Namespace: 'Spaceport', Dimensions: [['Environment']], Metrics: [{ Name: 'DeadManStops', Unit: 'Count' }] }],
    },
    Environment: variable('ENVIRONMENT'),
    DeadManStops: stops,
  }
  process.stdout.write(`${JSON.stringify(figure)}\n`)
}
