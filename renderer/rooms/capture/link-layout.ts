import type { Pair } from '../../../core/overlap/graph.ts'
import { linksOf } from './links.ts'
import type { Spot } from './plane.ts'

/** Work bound: repulsion is every photo against every other, so rounds shrink as photos grow (18 photos: 240 rounds; 2,000: 12). */
const pairBudget = 50_000_000
const mostRounds = 240

/** Photos laid out from their links alone: linked ones near each other, islands side by side. The same input gives the same picture. */
export function layOutLinks(files: readonly string[], pairs: readonly Pair[]): readonly Spot[] {
  const links = linksOf(pairs)
  const groups = groupsOf(files, links)
  const spots: Spot[] = []
  let left = 0
  for (const group of groups) {
    const placed = settle(group, links)
    const width = Math.max(...placed.map((one) => one.x)) + 1
    spots.push(...placed.map((one) => ({ ...one, x: one.x + left })))
    left += width + 1.4
  }
  const middle = (left - 2.4) / 2
  return spots.map((one) => ({ ...one, x: one.x - middle }))
}

/** Connected groups, largest first; loose photos share one group in a row of their own. */
function groupsOf(files: readonly string[], links: readonly Pair[]): readonly (readonly string[])[] {
  const root = new Map(files.map((file) => [file, file]))
  const find = (file: string): string => {
    let at = file
    while (root.get(at) !== at) at = root.get(at) ?? at
    return at
  }
  for (const { a, b } of links) if (root.has(a) && root.has(b)) root.set(find(a), find(b))
  const groups = Map.groupBy(files, find)
  const whole = [...groups.values()].filter((one) => one.length > 1).toSorted((a, b) => b.length - a.length)
  const loose = [...groups.values()].filter((one) => one.length === 1).flat()
  return loose.length > 0 ? [...whole, loose] : whole
}

type Body = { readonly file: string; x: number; y: number; dx: number; dy: number }

/** Springs between linked photos, repulsion between all, cooling down. Answers with x from 0 and y around 0, unit = one spring. */
function settle(group: readonly string[], links: readonly Pair[]): readonly Spot[] {
  const side = Math.ceil(Math.sqrt(group.length))
  const bodies: Body[] = group.map((file, at) => ({
    file,
    x: (at % side) + 0.11 * (Math.floor(at / side) % 2),
    y: Math.floor(at / side),
    dx: 0,
    dy: 0,
  }))
  const index = new Map(bodies.map((body) => [body.file, body]))
  const springs = links.flatMap(({ a, b, inliers }) => {
    const from = index.get(a)
    const to = index.get(b)
    return from && to ? [{ from, to, pull: Math.min(1, inliers / 150) }] : []
  })
  const rounds = springs.length === 0 ? 0 : Math.min(mostRounds, Math.max(12, Math.floor(pairBudget / group.length ** 2)))
  for (let round = 0; round < rounds; round += 1) relax(bodies, springs, 0.35 * (1 - round / rounds) + 0.01)
  const left = Math.min(...bodies.map((one) => one.x))
  const middle = bodies.reduce((sum, one) => sum + one.y, 0) / bodies.length
  return bodies.map(({ file, x, y }) => ({ file, x: x - left, y: y - middle }))
}

function relax(bodies: readonly Body[], springs: readonly { from: Body; to: Body; pull: number }[], most: number): void {
  for (const body of bodies) {
    body.dx = 0
    body.dy = 0
  }
  for (let i = 0; i < bodies.length; i += 1) for (let j = i + 1; j < bodies.length; j += 1) push(bodies[i] as Body, bodies[j] as Body)
  for (const { from, to, pull } of springs) {
    const dx = to.x - from.x
    const dy = to.y - from.y
    const force = 0.12 * pull
    from.dx += dx * force
    from.dy += dy * force
    to.dx -= dx * force
    to.dy -= dy * force
  }
  for (const body of bodies) {
    const length = Math.hypot(body.dx, body.dy) || 1
    const step = Math.min(length, most) / length
    body.x += body.dx * step
    body.y += body.dy * step
  }
}

function push(a: Body, b: Body): void {
  const dx = a.x - b.x || 1e-3
  const dy = a.y - b.y || 1e-3
  const force = 0.35 / (dx * dx + dy * dy + 0.05)
  a.dx += dx * force
  a.dy += dy * force
  b.dx -= dx * force
  b.dy -= dy * force
}
