import { DescribeExecutionCommand, ExecutionDoesNotExist, type DescribeExecutionCommandOutput, SFNClient } from '@aws-sdk/client-sfn'
import { variable } from './environment.ts'

export const sfn: SFNClient = new SFNClient({})

/** The execution's name says whose it is, so that no request can reach another tenant's: 36 + 1 + 32 letters at most, 80 are allowed. */
export function executionName(tenant: string, runId: string): string {
  return `${tenant}_${runId}`
}

/** The tenant and run of an execution's name; null where it was started by hand. */
export function ownerOf(name: string): { readonly tenant: string; readonly runId: string } | null {
  const [tenant, runId, more] = name.split('_')
  return tenant && runId && more === undefined ? { tenant, runId } : null
}

export function executionArn(tenant: string, runId: string): string {
  return `${variable('MACHINE_ARN').replace(':stateMachine:', ':execution:')}:${executionName(tenant, runId)}`
}

/** The execution of a run; null where there is none. */
export async function describe(arn: string): Promise<DescribeExecutionCommandOutput | null> {
  try {
    return await sfn.send(new DescribeExecutionCommand({ executionArn: arn }))
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return null
    throw error
  }
}
