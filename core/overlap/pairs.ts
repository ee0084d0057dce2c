import type { GpsFix } from '../capture/photo.ts'

/** What candidate pairs follow from besides the pixels. */
export type Placed = { readonly takenAt: string | null; readonly gps: GpsFix | null }

// Up to here all pairs are tried: 60 photos are 1,770 pairs, about 10 CPU s.
const EXHAUSTIVE = 60

// A photo's neighbours in capture order almost always overlap, and cost little.
const ORDER_REACH = 5

// GPS only adds: a compact camera's fixes were 13 m off (caliterra-a), so that a near fix is a hint and a far one none.
const GPS_NEIGHBOURS = 10

/** True where every pair is to be tried. */
export function isSmall(photos: number): boolean {
  return photos <= EXHAUSTIVE
}

/** Every pair of n photos, as i < j. */
export function allPairs(n: number): [number, number][] {
  return Array.from({ length: n }, (_, i) => Array.from({ length: n - i - 1 }, (_, j): [number, number] => [i, i + 1 + j])).flat()
}

/** Pairs that capture order and GPS suggest, as i < j, each once. Photos are given in the order of their names. */
export function placedPairs(photos: readonly Placed[]): [number, number][] {
  return unique([...orderPairs(photos), ...gpsPairs(photos)])
}

/** Each pair once, i < j, ascending. */
export function unique(pairs: readonly (readonly [number, number])[]): [number, number][] {
  const seen = new Map(
    pairs
      .filter(([i, j]) => i !== j)
      .map(([i, j]): [string, [number, number]] => [i < j ? `${i},${j}` : `${j},${i}`, i < j ? [i, j] : [j, i]]),
  )
  return [...seen.values()].sort(([a, b], [c, d]) => a - c || b - d)
}

// Once by name and once by time: cameras that reset their numbering and phones that name at random each break one of the two.
function orderPairs(photos: readonly Placed[]): [number, number][] {
  const byName = photos.map((_, i) => i)
  const byTime = byName
    .filter((i) => photos[i]?.takenAt != null)
    .sort((i, j) => compare(photos[i]?.takenAt ?? '', photos[j]?.takenAt ?? '') || i - j)
  return [byName, byTime].flatMap((order) =>
    order.flatMap((i, at) => order.slice(at + 1, at + 1 + ORDER_REACH).map((j): [number, number] => [i, j])),
  )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

// A grid of cells keeps the search linear: cells grow until a photo's 3x3 neighbourhood holds enough of the others on average.
function gpsPairs(photos: readonly Placed[]): [number, number][] {
  const fixes = photos.flatMap(({ gps }, i) => (gps ? [{ i, ...metres(gps) }] : []))
  if (fixes.length < 2) return []
  const lowX = least(fixes.map(({ x }) => x))
  const lowY = least(fixes.map(({ y }) => y))
  const area = Math.max(1, span(fixes.map(({ x }) => x)) * span(fixes.map(({ y }) => y)))
  const cell = Math.max(1, Math.sqrt((area * GPS_NEIGHBOURS) / fixes.length))
  const grid = new Map<string, typeof fixes>()
  const key = (x: number, y: number): string => `${Math.floor((x - lowX) / cell)},${Math.floor((y - lowY) / cell)}`
  for (const fix of fixes) grid.set(key(fix.x, fix.y), [...(grid.get(key(fix.x, fix.y)) ?? []), fix])
  return fixes.flatMap((fix) => {
    const around = [-cell, 0, cell].flatMap((dx) => [-cell, 0, cell].flatMap((dy) => grid.get(key(fix.x + dx, fix.y + dy)) ?? []))
    const near = around
      .filter(({ i }) => i !== fix.i)
      .map(({ i, x, y }) => ({ i, far: Math.hypot(x - fix.x, y - fix.y) }))
      .sort((a, b) => a.far - b.far || a.i - b.i)
    return near.slice(0, GPS_NEIGHBOURS).map(({ i }): [number, number] => [fix.i, i])
  })
}

// Metres on a plane: good to a fraction of a per cent over the few kilometres of a capture.
function metres({ lat, lon }: GpsFix): { x: number; y: number } {
  const perDegree = 111_320
  return { x: lon * perDegree * Math.cos((lat * Math.PI) / 180), y: lat * perDegree }
}

function least(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
}

function span(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY) - least(values)
}
