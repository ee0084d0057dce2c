import { z } from 'zod'
import { Preset, usualPreset } from './run/settings.ts'
import { BandwidthLimit } from './transfer/bandwidth.ts'

/** Settings of the app itself (home's settings.json). */
export const AppSettings = z.object({
  theme: z.enum(['system', 'dark', 'light']).default('system'),
  units: z.enum(['metric', 'imperial']).default('metric'),
  threads: z.number().int().min(0).max(256).default(0),
  notifications: z.boolean().default(true),
  /** The quality that the set-up of a run in the window begins with. */
  preset: Preset.default(usualPreset),
  /** What the caches may take on the disk, in gigabytes; beyond it the least recently used goes. */
  cacheLimitGb: z.number().min(1).max(100_000).default(20),
  /** What transfers may take of the line; null: all of it. */
  bandwidth: BandwidthLimit.nullable().default(null),
  /** Transfers wait while the machine runs on its battery. */
  pauseOnBattery: z.boolean().default(false),
})
export type AppSettings = z.infer<typeof AppSettings>
