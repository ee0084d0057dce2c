import { z } from 'zod'
import type { SceneFacts } from '../core/contract.ts'

const triple = z.tuple([z.number(), z.number(), z.number()])
const Report = z.object({ covered: z.object({ center: triple, radius: z.number().positive(), up: triple }) })

/** The covered ground of a run's sfm/report.json at an address; null where there is none. */
export async function readCovered(address: string): Promise<SceneFacts['covered']> {
  try {
    const found = Report.safeParse(await (await fetch(address)).json())
    if (!found.success) return null
    const { center, radius, up } = found.data.covered
    return { centre: center, radius, up }
  } catch {
    return null
  }
}
