import type { BandwidthLimit } from './bandwidth.ts'

/** Tokens of a bucket that holds at most one second's worth. */
export type Bucket = { readonly tokens: number; readonly atMs: number }

/** The limit that holds at `hour`, bytes per second; null: none. */
export function limitAt(limit: BandwidthLimit | null, hour: number): number | null {
  if (limit === null) return null
  const { hours } = limit
  if (hours === null) return limit.bytesPerS
  const within = hours.from < hours.to ? hour >= hours.from && hour < hours.to : hour >= hours.from || hour < hours.to
  return within ? limit.bytesPerS : null
}

/** Takes `bytes` from the bucket. `waitMs`: how long to wait before sending them; the debt is kept, so that bursts average out. */
export function take(
  bucket: Bucket,
  bytesPerS: number,
  bytes: number,
  nowMs: number,
): { readonly bucket: Bucket; readonly waitMs: number } {
  const filled = Math.min(bytesPerS, bucket.tokens + ((nowMs - bucket.atMs) * bytesPerS) / 1000)
  const tokens = filled - bytes
  return { bucket: { tokens, atMs: nowMs }, waitMs: tokens >= 0 ? 0 : (-tokens * 1000) / bytesPerS }
}
