import { rmSync } from 'node:fs'
import { rm, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type CacheKind, CacheKind as Kinds, type CacheUse } from '../../core/cache-use.ts'
import { home as layout } from '../../core/layout.ts'
import { leastRecentlyUsed } from '../../core/run/eviction.ts'
import type { CaptureStore } from '../history/captures.ts'
import type { RunStore } from '../history/runs.ts'
import { folderBytes } from '../library.ts'
import { takeLock } from '../lock.ts'
import { cacheEntries, type CacheEntry } from './entries.ts'
import { removeStage } from './removal.ts'
import { usersOf } from './stage-uses.ts'

/** Held together by all checks under way: meanwhile nothing that they read is removed. */
export const checksLock = 'checks'

/** Held together by all transfers under way: meanwhile no photo that was converted for one of them is removed. */
export const convertedLock = 'converted'

export type CacheParts = {
  readonly home: string
  readonly captures: CaptureStore
  readonly runs: RunStore
  readonly limitBytes: () => number
}

const gigabyte = 1e9

export function limitBytesOf(settings: { readonly cacheLimitGb: number }): number {
  return settings.cacheLimitGb * gigabyte
}

/** What the caches hold, and the ways to make them smaller. Nothing that an unfinished run or a check under way needs is ever removed. */
export function caches(parts: CacheParts) {
  const { home, captures, runs } = parts
  // A run that is done, or thrown away, has all that it needs in its own folder.
  const needsStages = (runId: string): boolean => runs.get(runId) !== null && runs.state(runId).kind !== 'done'
  const all = () => cacheEntries(home, captures.hasPhoto)

  /** Whether an entry must stay, asked of one moment. */
  const neededNow = (): ((entry: CacheEntry) => boolean) => {
    const isChecking = isHeld(home, checksLock)
    const photos = convertedPhotos(runs, needsStages)
    const isSending = isHeld(home, convertedLock)
    return ({ kind, stage, path }) => {
      if (isSending && isConverted(home, path)) return true
      if (stage) return usersOf(home, stage.name, stage.key).some(({ runId }) => needsStages(runId))
      return kind === 'checks' ? isChecking : photos.has(path.split(/[/\\]/).at(-1) ?? '')
    }
  }

  const use = async (): Promise<CacheUse> => {
    const [entries, isNeeded, disk] = [await all(), neededNow(), await statfs(home)]
    const sum = (some: readonly CacheEntry[]): number => some.reduce((bytes, one) => bytes + one.bytes, 0)
    const kinds = Kinds.options.map((kind) => {
      const own = entries.filter((one) => one.kind === kind)
      return { kind, bytes: sum(own), freeableBytes: sum(own.filter((one) => !isNeeded(one))) }
    })
    return {
      kinds,
      bytes: sum(entries),
      freeableBytes: kinds.reduce((bytes, one) => bytes + one.freeableBytes, 0),
      limitBytes: parts.limitBytes(),
      runsBytes: await folderBytes(join(home, layout.runs)),
      diskFreeBytes: disk.bavail * disk.bsize,
    }
  }

  const remove = async (entries: readonly CacheEntry[]): Promise<number> => {
    // No check begins while its files go; one that has begun keeps them all.
    const lock = takeLock(home, checksLock)
    let freed = 0
    try {
      for (const { kind, path, bytes, stage } of entries) {
        if (kind === 'checks' && lock === null) continue
        const gone = stage ? await removeStage(home, stage.name, stage.key, needsStages) : await removeFile(home, path)
        if (gone) freed += bytes
      }
      return freed
    } finally {
      lock?.release()
    }
  }

  return {
    use,
    /** Removes all of these kinds that nothing needs; the bytes that the disk won. A stage's folder that frees nothing stays. */
    clear: async (kinds: readonly CacheKind[]): Promise<number> => {
      const isNeeded = neededNow()
      return remove((await all()).filter((one) => kinds.includes(one.kind) && one.bytes > 0 && !isNeeded(one)))
    },
    /** Keeps the caches within their limit. */
    tidy: async (): Promise<number> => remove(leastRecentlyUsed(await all(), neededNow(), parts.limitBytes())),
  }
}

function isHeld(home: string, name: string): boolean {
  const lock = takeLock(home, name)
  lock?.release()
  return lock === null
}

function isConverted(home: string, path: string): boolean {
  return dirname(path) === join(home, layout.derived)
}

async function removeFile(home: string, path: string): Promise<boolean> {
  if (isConverted(home, path)) return removeConverted(home, path)
  await rm(path, { force: true })
  return true
}

/** Without a pause between the look and the deed: no transfer of this process begins meanwhile, and one of another waits for the lock. */
function removeConverted(home: string, path: string): boolean {
  const lock = takeLock(home, convertedLock)
  if (lock === null) return false
  try {
    rmSync(path, { force: true })
    return true
  } finally {
    lock.release()
  }
}

/** Names of the photos that were converted for runs which may yet read them. */
function convertedPhotos(runs: RunStore, needsStages: (runId: string) => boolean): ReadonlySet<string> {
  const open = runs.list().filter(({ runId }) => needsStages(runId))
  return new Set(open.flatMap(({ runId }) => runs.manifest(runId).photos.map((photo) => photo.object)))
}
