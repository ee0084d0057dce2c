import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Forecast } from '../../core/overlap/graph.ts'
import type { ByteFacts } from './decode-photo.ts'
import type { ListedFile } from './list-files.ts'
import type { Refusal } from './sniff.ts'
import { writeWhole } from './write-whole.ts'

/** Names how facts are made; a change of any measure changes it, and older facts are read anew. */
export const FACTS_RECIPE = 'facts-4'

/** What a file was when it was last read: a hash of a photo, or the refusal. */
export type Known = { readonly sizeBytes: number; readonly mtimeMs: number } & ({ readonly sha256: string } | { readonly refusal: Refusal })
export type KnownFiles = ReadonlyMap<string, Known>

const indexFile = (cacheDir: string, folder: string): string =>
  join(cacheDir, 'folders', `${createHash('sha256').update(folder).digest('hex').slice(0, 32)}.json`)
const factsFile = (cacheDir: string, sha256: string): string => join(cacheDir, 'facts', `${sha256}.${FACTS_RECIPE}.json`)
const forecastFile = (cacheDir: string, key: string): string => join(cacheDir, 'forecasts', `${key}.json`)

/** What is known of a folder from its last check, by file name. */
export async function knownFiles(cacheDir: string, folder: string): Promise<KnownFiles> {
  const index = await readJson<{ recipe: string; files: Record<string, Known> }>(indexFile(cacheDir, folder))
  return new Map(index?.recipe === FACTS_RECIPE ? Object.entries(index.files) : [])
}

export async function keepKnownFiles(cacheDir: string, folder: string, files: KnownFiles): Promise<void> {
  await writeWhole(indexFile(cacheDir, folder), JSON.stringify({ recipe: FACTS_RECIPE, files: Object.fromEntries(files) }))
}

/** The entry of a file that has not changed since, by size and time. */
export function stillKnown(known: KnownFiles, file: ListedFile): Known | null {
  const entry = known.get(file.file)
  return entry && entry.sizeBytes === file.sizeBytes && entry.mtimeMs === file.mtimeMs ? entry : null
}

/** Facts by content hash; null unless every one of `companions` (thumbnail) is still there too. */
export async function keptFacts(cacheDir: string, sha256: string, companions: readonly string[]): Promise<ByteFacts | null> {
  for (const path of companions) if (!(await stat(path).catch(() => null))) return null
  return readJson<ByteFacts>(factsFile(cacheDir, sha256))
}

export async function keepFacts(cacheDir: string, facts: ByteFacts): Promise<void> {
  await writeWhole(factsFile(cacheDir, facts.sha256), JSON.stringify(facts))
}

/** The name of a forecast: all that it hangs on. */
export function forecastKey(recipe: string, photos: readonly object[]): string {
  return createHash('sha256')
    .update(JSON.stringify([recipe, photos]))
    .digest('hex')
}

export const keptForecast = (cacheDir: string, key: string): Promise<Forecast | null> => readJson<Forecast>(forecastFile(cacheDir, key))

export async function keepForecast(cacheDir: string, key: string, forecast: Forecast): Promise<void> {
  await writeWhole(forecastFile(cacheDir, key), JSON.stringify(forecast))
}

/** A cache that is absent, of another shape or half a file is an empty cache. */
async function readJson<T>(path: string): Promise<T | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T
  } catch {
    return null
  }
}
