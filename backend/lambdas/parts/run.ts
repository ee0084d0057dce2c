import { bucket } from '../../../core/layout.ts'
import { keyOf } from './objects.ts'

/** Whose run an output address belongs to. Throws for an address outside our bucket's runs: then the input was not ours. */
export function runOf(output: string): { readonly tenant: string; readonly runId: string; readonly prefix: string } {
  const [top, tenant, runs, runId] = (keyOf(output) ?? '').split('/')
  if (top !== 't' || !tenant || runs !== 'runs' || !runId) throw new Error(`no run of this bucket: ${output}`)
  return { tenant, runId, prefix: bucket.run(tenant, runId) }
}
