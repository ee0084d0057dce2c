import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { CacheKind } from '../../core/cache-use.ts'
import { home as layout } from '../../core/layout.ts'
import { type StageName, stageNames } from '../../core/run/events.ts'

/** One thing that a cache keeps and can lose: a stage's folder (with what lies beside it), or a file. */
export type CacheEntry = {
  readonly kind: CacheKind
  readonly path: string
  /** Bytes that only the cache holds: a file that a run's folder holds too frees nothing. */
  readonly bytes: number
  readonly usedAtMs: number
  readonly stage: { readonly name: StageName; readonly key: string } | null
}

/** Everything in the caches. A thumbnail of a photo in the library is no cache: nothing makes it again by itself. */
export async function cacheEntries(home: string, isInLibrary: (sha256: string) => boolean): Promise<readonly CacheEntry[]> {
  const thumbs = (await filesIn(home, 'checks', layout.thumbnails)).filter(({ path }) => !isInLibrary(shaOf(path)))
  const pictures = await Promise.all([layout.pictures, layout.derived].map((folder) => filesIn(home, 'pictures', folder)))
  const checks = await Promise.all(layout.checkCaches.map((folder) => filesIn(home, 'checks', folder)))
  return [...(await stageEntries(home)), ...checks.flat(), ...pictures.flat(), ...thumbs]
}

function shaOf(path: string): string {
  return path.slice(-68, -4)
}

async function filesIn(home: string, kind: CacheKind, folder: string): Promise<CacheEntry[]> {
  const names = await readdir(join(home, folder)).catch(() => [])
  const found = await Promise.all(names.map((name) => fileEntry(kind, join(home, folder, name))))
  return found.filter((one) => one !== null)
}

async function fileEntry(kind: CacheKind, path: string): Promise<CacheEntry | null> {
  const facts = await stat(path).catch(() => null)
  if (!facts?.isFile()) return null
  // The system notes a reading at least once a day; where it notes none, the time of writing stands.
  return { kind, path, bytes: facts.nlink === 1 ? facts.size : 0, usedAtMs: Math.max(facts.atimeMs, facts.mtimeMs), stage: null }
}

const stagePattern = new RegExp(`^(${stageNames.join('|')})-([0-9a-f]{32})(\\.partial|\\.in)?$`)

async function stageEntries(home: string): Promise<CacheEntry[]> {
  const names = await readdir(join(home, layout.stages)).catch(() => [])
  const parsed = names.flatMap((name) => {
    const [, stage, key, end = ''] = stagePattern.exec(name) ?? []
    return stage && key ? [{ stage: stage as StageName, key, end }] : []
  })
  const byKey = Map.groupBy(parsed, ({ stage, key }) => layout.stage(stage, key))
  return Promise.all(
    [...byKey].map(async ([path, parts]) => {
      const folders = parts.map((one) => join(home, `${path}${one.end}`))
      const [bytes, times] = await Promise.all([
        Promise.all(folders.map(ownBytes)),
        Promise.all(
          folders.map((folder) =>
            stat(folder).then(
              (facts) => facts.mtimeMs,
              () => 0,
            ),
          ),
        ),
      ])
      const { stage, key } = parts[0] ?? { stage: 'sfm' as const, key: '' }
      return {
        kind: 'stages' as const,
        path: join(home, path),
        bytes: bytes.reduce((sum, one) => sum + one, 0),
        usedAtMs: Math.max(...times),
        stage: { name: stage, key },
      }
    }),
  )
}

async function ownBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => [])
  const sizes = await Promise.all(
    entries
      .filter((one) => one.isFile())
      .map((one) =>
        stat(join(one.parentPath, one.name)).then(
          (facts) => (facts.nlink === 1 ? facts.size : 0),
          () => 0,
        ),
      ),
  )
  return sizes.reduce((sum, one) => sum + one, 0)
}
