import { problemOf } from '../../core/problem.ts'
import type { Listed, ListPage } from './store.ts'
import type { TransferPlan } from './transfer-plan.ts'
import type { UploadTools } from './upload-tools.ts'

/** What a listing has just shown of a key: the object, that there is none, or nothing that can still be relied on. */
export type Presence = { readonly of: (key: string) => Listed | 'absent' | 'unknown' }

// A long upload outlives what it knew: after this each object is asked for again, before its bytes are sent for nothing.
const freshMs = 10 * 60_000
// S3's page; a bucket that holds more than the plan and one page more is not worth listing.
const pageKeys = 1000

/**
 * Lists the plan's place in the bucket, so that a first upload of 10,000 photos asks ten questions instead of 10,000. What is listed is
 * asked for by HEAD and proven by its checksum, unless it is, by its ETag, the very object that was proven before; what is not goes straight to
 * If-None-Match. Where listing is refused or too long, nothing is known.
 */
export async function listPresence(plan: TransferPlan, { persist }: UploadTools, signal: AbortSignal): Promise<Presence> {
  const prefix = placeOf(plan)
  if (prefix === null) return unknown
  const known = new Map<string, Listed>()
  try {
    for (let page = 0, after: string | null = null; page <= Math.ceil(plan.files / pageKeys); page++) {
      const from: string | null = after
      const listed: ListPage = await persist(prefix, signal, (store) => store.list(prefix, from))
      for (const one of listed.objects) known.set(one.key, one)
      after = listed.next
      if (after === null) return knownOnly(prefix, known)
    }
  } catch (error) {
    if (problemOf(error)?.code !== 'upload/denied') throw error
  }
  return unknown
}

const unknown: Presence = { of: () => 'unknown' }

function knownOnly(prefix: string, known: ReadonlyMap<string, Listed>): Presence {
  const listedAtMs = performance.now()
  return {
    of: (key) => (!key.startsWith(prefix) || performance.now() - listedAtMs > freshMs ? 'unknown' : (known.get(key) ?? 'absent')),
  }
}

function placeOf(plan: TransferPlan): string | null {
  for (const { key } of plan.items()) return key.slice(0, key.lastIndexOf('/') + 1) || null
  return null
}
