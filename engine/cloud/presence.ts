import { problemOf } from '../../core/problem.ts'
import type { ListPage } from './store.ts'
import type { TransferPlan } from './transfer-plan.ts'
import type { UploadTools } from './upload-tools.ts'

/** Whether a key may be in the bucket; false only where a listing has just shown that it is not. */
export type Presence = { readonly mayBeThere: (key: string) => boolean }

// A long upload outlives what it knew: after this each object is asked for again, before its bytes are sent for nothing.
const freshMs = 10 * 60_000
// S3's page; a bucket that holds more than the plan and one page more is not worth listing.
const pageKeys = 1000

/**
 * Lists the plan's place in the bucket, so that a first upload of 10,000 photos asks ten questions instead of 10,000. What is listed is still asked
 * for by HEAD and proven by its checksum; what is not goes straight to If-None-Match. Where listing is refused or too long, everything may be there.
 */
export async function listPresence(plan: TransferPlan, { persist }: UploadTools, signal: AbortSignal): Promise<Presence> {
  const prefix = placeOf(plan)
  if (prefix === null) return unknown
  const known = new Set<string>()
  try {
    for (let page = 0, after: string | null = null; page <= Math.ceil(plan.files / pageKeys); page++) {
      const from: string | null = after
      const listed: ListPage = await persist(prefix, signal, (store) => store.list(prefix, from))
      for (const key of listed.keys) known.add(key)
      after = listed.next
      if (after === null) return knownOnly(prefix, known)
    }
  } catch (error) {
    if (problemOf(error)?.code !== 'upload/denied') throw error
  }
  return unknown
}

const unknown: Presence = { mayBeThere: () => true }

function knownOnly(prefix: string, known: ReadonlySet<string>): Presence {
  const listedAtMs = performance.now()
  return { mayBeThere: (key) => known.has(key) || !key.startsWith(prefix) || performance.now() - listedAtMs > freshMs }
}

function placeOf(plan: TransferPlan): string | null {
  for (const { key } of plan.items()) return key.slice(0, key.lastIndexOf('/') + 1) || null
  return null
}
