import {
  ListServiceQuotasCommand,
  RequestServiceQuotaIncreaseCommand,
  ListRequestedServiceQuotaChangeHistoryCommand,
} from '@aws-sdk/client-service-quotas'
import type { AccountClients } from './clients.ts'

export type Quota = { readonly code: string; readonly value: number; readonly requested: boolean }

const service = 'sagemaker'
const held = new WeakMap<AccountClients, Promise<ReadonlyMap<string, Quota>>>()

/** SageMaker's quotas of the account by name. Several thousand in pages of a hundred, so they are read once for all who ask. */
export function quotasOf(clients: AccountClients): Promise<ReadonlyMap<string, Quota>> {
  const known = held.get(clients)
  if (known) return known
  const reading = readAll(clients)
  held.set(clients, reading)
  return reading
}

async function readAll(clients: AccountClients): Promise<ReadonlyMap<string, Quota>> {
  const open = await openRequests(clients)
  const found = new Map<string, Quota>()
  let NextToken: string | undefined
  do {
    const page = await clients.quotas.send(new ListServiceQuotasCommand({ ServiceCode: service, MaxResults: 100, NextToken }))
    for (const { QuotaName = '', QuotaCode: code = '', Value: value = 0 } of page.Quotas ?? [])
      found.set(QuotaName, { code, value, requested: open.has(code) })
    NextToken = page.NextToken
  } while (NextToken !== undefined)
  return found
}

async function openRequests({ quotas }: AccountClients): Promise<ReadonlySet<string>> {
  const page = await quotas.send(new ListRequestedServiceQuotaChangeHistoryCommand({ ServiceCode: service, MaxResults: 100 }))
  const open = (page.RequestedQuotas ?? []).filter(({ Status }) => Status === 'PENDING' || Status === 'CASE_OPENED')
  return new Set(open.map(({ QuotaCode = '' }) => QuotaCode))
}

/** Asks for one machine of a kind: what a run needs. */
export async function requestQuota({ quotas }: AccountClients, code: string): Promise<void> {
  await quotas.send(new RequestServiceQuotaIncreaseCommand({ ServiceCode: service, QuotaCode: code, DesiredValue: 1 }))
}
