import { z } from 'zod'

/** What the host hears of the machine's power. */
export const PowerState = z.object({ asleep: z.boolean(), onBattery: z.boolean() })
export type PowerState = z.infer<typeof PowerState>
