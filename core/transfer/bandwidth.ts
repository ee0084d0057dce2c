import { z } from 'zod'

const hour = z.number().int().min(0).max(23)

/** A limit on the line. `hours`: local hours in which it holds, from `from` to before `to`, over midnight where `to` <= `from`; null: always. */
export const BandwidthLimit = z.object({
  bytesPerS: z.number().int().min(10_000).max(10_000_000_000),
  hours: z.object({ from: hour, to: hour }).nullable(),
})
export type BandwidthLimit = z.infer<typeof BandwidthLimit>

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
