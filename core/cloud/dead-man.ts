import type { CloudJob } from './api.ts'

/**
 * Since when a working job has been silent for longer than `silentMinutes`; null: it lives, or it does not work yet. A job that waits for a
 * machine says nothing and costs nothing; one that has a machine says something at least every ten seconds (containers/CONTRACT.md), and its
 * file of progress lines is carried out within minutes.
 */
export function deadSince(job: CloudJob, heardAt: Date | null, now: Date, silentMinutes: number): Date | null {
  if (job.status !== 'InProgress' || job.startedAt === null) return null
  // A spot machine that was taken away: SageMaker waits for the next one, unpaid.
  if (job.secondary === 'Interrupted' || job.secondary === 'Starting' || job.secondary === 'Pending') return null
  const since = Math.max(Date.parse(job.startedAt), heardAt?.getTime() ?? 0)
  return now.getTime() - since > silentMinutes * 60_000 ? new Date(since) : null
}
