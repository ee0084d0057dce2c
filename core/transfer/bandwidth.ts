import { z } from 'zod'

const hour = z.number().int().min(0).max(23)

/** A limit on the line. `hours`: local hours in which it holds, from `from` to before `to`, over midnight where `to` <= `from`; null: always. */
export const BandwidthLimit = z.object({
  bytesPerS: z.number().int().min(10_000).max(10_000_000_000),
  hours: z.object({ from: hour, to: hour }).nullable(),
})
export type BandwidthLimit = z.infer<typeof BandwidthLimit>
