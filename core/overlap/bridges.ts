import type { Bridge } from './graph.ts'
import type { Ties } from './islands.ts'

// A side of one photo is a weakly tied photo, not a bridge.
const LEAST_SIDE = 2

/** The single photos that hold an island together: without one of them it falls into two parts of at least two photos each. */
export function bridgesOf(islands: readonly (readonly string[])[], ties: Ties): Bridge[] {
  const bridges: Bridge[] = []
  for (const [index, island] of islands.entries())
    for (const photo of articulations(island, ties)) {
      const parts = partsWithout(island, photo, ties).sort((a, b) => b.length - a.length)
      const [largest = [], ...rest] = parts
      const smaller = rest.flat()
      if (largest.length < LEAST_SIDE || smaller.length < LEAST_SIDE) continue
      bridges.push({ photos: [photo], between: [index, islands.length + bridges.length], sides: [largest, smaller] })
    }
  return bridges
}

// Tarjan's low-link in one depth-first walk, without recursion: captures may have thousands of photos in a row.
function articulations(island: readonly string[], ties: Ties): string[] {
  const inside = new Set(island)
  const order = new Map<string, number>()
  const low = new Map<string, number>()
  const found = new Set<string>()
  const root = island[0]
  if (root === undefined) return []
  const open = (file: string): Frame => {
    order.set(file, order.size)
    low.set(file, order.get(file)!)
    return { file, next: [...(ties.get(file)?.keys() ?? [])].filter((other) => inside.has(other)), branches: 0 }
  }
  const stack: Frame[] = [open(root)]
  while (stack.length > 0) {
    const top = stack[stack.length - 1]!
    const other = top.next.pop()
    if (other === undefined) {
      stack.pop()
      const parent = stack[stack.length - 1]
      if (!parent) continue
      low.set(parent.file, Math.min(low.get(parent.file)!, low.get(top.file)!))
      parent.branches++
      const cuts = parent.file === root ? parent.branches > 1 : low.get(top.file)! >= order.get(parent.file)!
      if (cuts) found.add(parent.file)
    } else if (order.has(other)) low.set(top.file, Math.min(low.get(top.file)!, order.get(other)!))
    else stack.push(open(other))
  }
  return island.filter((file) => found.has(file))
}

type Frame = { readonly file: string; readonly next: string[]; branches: number }

function partsWithout(island: readonly string[], photo: string, ties: Ties): string[][] {
  const left = new Set(island.filter((file) => file !== photo))
  const parts: string[][] = []
  for (const start of left) {
    const part = [start]
    left.delete(start)
    for (const file of part) for (const other of ties.get(file)?.keys() ?? []) if (left.delete(other)) part.push(other)
    parts.push(part)
  }
  return parts
}
