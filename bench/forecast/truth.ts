import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/** What pycolmap made of one set. `inliers`: verified two-view inliers by "a|b", a < b; 0 where not verified. `usable`: by file, the share of the incremental mapper's runs in which it was. */
export type TruthSet = {
  readonly name: string
  readonly folder: string
  readonly files: readonly string[]
  readonly inliers: ReadonlyMap<string, number>
  readonly usable: ReadonlyMap<string, number>
}

/** Key of an unordered pair of files. */
export function pairKey(a: string, b: string): string {
  return a < b ? `${a}|${b}` : `${b}|${a}`
}

/** The sets under `folder` (each: images/, pairs-4.2.csv, registered-4.2.csv; `-4.2-A` of the common recipe is preferred where both stand). */
export function readSets(folder: string): TruthSet[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .filter((set) => existsSync(join(set, 'images')) && truthFile(set, 'pairs') !== null)
    .map(readSet)
}

function truthFile(set: string, kind: string): string | null {
  return [`${kind}-4.2-A.csv`, `${kind}-4.2.csv`].map((name) => join(set, name)).find((file) => existsSync(file)) ?? null
}

function readSet(set: string): TruthSet {
  const folder = join(set, 'images')
  const inliers = new Map(rows(truthFile(set, 'pairs')).map((row) => [pairKey(row.image1 ?? '', row.image2 ?? ''), Number(row.inliers)]))
  const photos = rows(truthFile(set, 'registered')).filter((row) => row.mapper === 'incremental')
  const usable = new Map(photos.map((row) => [row.image ?? '', Number(row.share ?? row.usable)]))
  return { name: basename(set), folder, files: readdirSync(folder).sort(), inliers, usable }
}

function rows(file: string | null): Record<string, string>[] {
  if (file === null) return []
  const [head = '', ...lines] = readFileSync(file, 'utf8').trim().split(/\r?\n/)
  const names = head.split(',')
  return lines.map((line) => Object.fromEntries(line.split(',').map((value, i) => [names[i] ?? '', value])))
}
