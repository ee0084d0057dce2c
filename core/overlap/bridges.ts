import type { Bridge } from './graph.ts'
import { holdsOf, type Holds, type Ties } from './islands.ts'

// A side of one photo is a weakly tied photo, not a bridge.
const LEAST_SIDE = 2

/**
 * The single photos that hold an island together: without one of them the rest, by the rule that islands grow by, falls into two parts
 * of at least two photos each. A photo takes its triangles along: two others that only held together with it as the third let go.
 */
export function bridgesOf(islands: readonly (readonly string[])[], ties: Ties): Bridge[] {
  const bridges: Bridge[] = []
  for (const [index, island] of islands.entries()) {
    const holds = holdsOf(island, ties)
    const cuts = articulations(island, holds)
    const leaning = leansOn(holds)
    for (const photo of island) {
      const lost = leaning.get(photo) ?? []
      if (!cuts.has(photo) && lost.every(([a, b]) => isLinked(a, b, holds, photo))) continue
      const [largest = [], ...rest] = partsAround(photo, holds)
      const smaller = rest.flat()
      if (largest.length < LEAST_SIDE || smaller.length < LEAST_SIDE) continue
      bridges.push({ photos: [photo], between: [index, islands.length + bridges.length], sides: [largest, smaller] })
    }
  }
  return bridges
}

/** The links that only hold with a photo as the third of their triangle, by that photo. */
function leansOn(holds: Holds): Map<string, [string, string][]> {
  const leaning = new Map<string, [string, string][]>()
  for (const [a, near] of holds)
    for (const [b, thirds] of near) {
      const [third] = thirds ?? []
      if (thirds?.length !== 1 || third === undefined || a > b) continue
      leaning.set(third, [...(leaning.get(third) ?? []), [a, b]])
    }
  return leaning
}

// Tarjan's low-link in one depth-first walk, without recursion: captures may have thousands of photos in a row.
function articulations(island: readonly string[], holds: Holds): Set<string> {
  const order = new Map<string, number>()
  const low = new Map<string, number>()
  const found = new Set<string>()
  const open = (file: string): Frame => {
    order.set(file, order.size)
    low.set(file, order.get(file)!)
    return { file, next: [...(holds.get(file)?.keys() ?? [])], branches: 0 }
  }
  for (const root of island) {
    if (order.has(root)) continue
    const stack: Frame[] = [open(root)]
    while (stack.length > 0) {
      const top = stack.at(-1)!
      const other = top.next.pop()
      if (other === undefined) {
        stack.pop()
        const parent = stack.at(-1)
        if (!parent) continue
        low.set(parent.file, Math.min(low.get(parent.file)!, low.get(top.file)!))
        parent.branches++
        const cuts = parent.file === root ? parent.branches > 1 : low.get(top.file)! >= order.get(parent.file)!
        if (cuts) found.add(parent.file)
      } else if (order.has(other)) low.set(top.file, Math.min(low.get(top.file)!, order.get(other)!))
      else stack.push(open(other))
    }
  }
  return found
}

type Frame = { readonly file: string; readonly next: string[]; branches: number }

/** All that can be reached from `start` without `photo`, in the order of finding; ends at `goal`. */
function reached(start: string, holds: Holds, photo: string, goal?: string): Set<string> {
  const found = new Set([start])
  for (const file of found)
    for (const [other, thirds] of holds.get(file) ?? []) {
      if (other === photo || (thirds?.length === 1 && thirds[0] === photo)) continue
      found.add(other)
      if (other === goal) return found
    }
  return found
}

function isLinked(a: string, b: string, holds: Holds, photo: string): boolean {
  return reached(a, holds, photo, b).has(b)
}

/** What hangs on the photo, in the parts that are left without it, largest first. */
function partsAround(photo: string, holds: Holds): string[][] {
  const placed = new Set<string>()
  const parts: string[][] = []
  for (const start of holds.get(photo)?.keys() ?? []) {
    if (placed.has(start)) continue
    const part = [...reached(start, holds, photo)]
    for (const file of part) placed.add(file)
    parts.push(part)
  }
  return parts.sort((a, b) => b.length - a.length)
}
