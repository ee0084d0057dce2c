import type { PaidRun } from '../../core/run/quote.ts'
import { spentOn } from '../../core/run/spent.ts'
import type { RunStore } from '../history/runs.ts'

/** Finished runs in accounts whose every job was billed by the second: what the quotes of later ones stand on. */
export function paidRuns(runs: RunStore): readonly PaidRun[] {
  return runs.list().flatMap(({ runId, settings }): PaidRun[] => {
    if (settings.where === 'local') return []
    const { kind, account, endedAt } = runs.state(runId)
    if (kind !== 'done' || !account || endedAt === null) return []
    const spent = spentOn(account.jobs, Date.parse(endedAt))
    if (!spent.isFinal || !spent.isComplete) return []
    return [{ settings, photos: runs.manifest(runId).photos.filter((photo) => photo.use).length, usd: spent.usd }]
  })
}
