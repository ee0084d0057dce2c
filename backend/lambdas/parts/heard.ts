import { head } from './objects.ts'

/** Where each stage's progress lines come up while it works: SageMaker carries these files out as they grow. */
export const progressFiles = ['sfm/progress.jsonl', '3dgs/checkpoints/progress.jsonl', 'compression/progress.jsonl'] as const

/** When the newest progress line of a run reached the bucket; null before the first. */
export async function heardOf(prefix: string): Promise<Date | null> {
  const found = await Promise.all(progressFiles.map((name) => head(`${prefix}/${name}`)))
  const times = found.flatMap((one) => (one ? [one.changedAt.getTime()] : []))
  return times.length === 0 ? null : new Date(Math.max(...times))
}
