import type { GpsFix } from '../capture/photo.ts'
import { dot, type Point3, unit } from './geometry.ts'
import { type Draft, MOST_TURN_DEG, type ReshootKind } from './reshoot-plan.ts'
import { facing, facingOf, metresBetween, type Site } from './reshoot-site.ts'

export type Chain = {
  readonly kind: ReshootKind
  readonly from: string
  readonly to: string
  readonly least: number
  readonly reason: string
}

// A longer way is a flight of its own, not a patch.
const longest = 40

/** Positions between two photos, so close that each should hold to the next; null where the way is too long for a patch. */
export function chain(site: Site, { kind, from, to, least, reason }: Chain): readonly Draft[] | null {
  const count = Math.max(least, byDistance(site, from, to), byTurn(site, from, to))
  if (count > longest) return null
  return Array.from({ length: count }, (_, i) => {
    const share = (i + 1) / (count + 1)
    return {
      kind,
      ...placeBetween(site, from, to, share),
      words: `${fraction(i + 1, count + 1)} from ${from} to ${to}, same height, ${turnOf(site, from, to) > MOST_TURN_DEG ? 'turning from the direction of the first to that of the second' : 'same direction'}`,
      reason,
      near: [from, to],
    }
  })
}

function byDistance({ fixes, stepM }: Site, from: string, to: string): number {
  const [a, b] = [fixes.get(from), fixes.get(to)]
  return a && b && stepM ? Math.ceil(metresBetween(a, b) / stepM - 1e-9) - 1 : 0
}

function byTurn(site: Site, from: string, to: string): number {
  return Math.ceil(turnOf(site, from, to) / MOST_TURN_DEG - 1e-9) - 1
}

/** Degrees between two views: by gimbal and GPS where both tell, else in the rehearsal's own frame, which needs neither. */
function turnOf({ lookAt, sight }: Site, from: string, to: string): number {
  const [earthA, earthB] = [lookAt(from), lookAt(to)]
  const [a, b] = earthA && earthB ? [earthA, earthB] : [sight(from), sight(to)]
  return a && b ? (Math.acos(Math.max(-1, Math.min(1, dot(unit(a), unit(b))))) * 180) / Math.PI : 0
}

function fraction(part: number, whole: number): string {
  if (2 * part === whole) return 'half-way'
  if (whole === 3) return part === 1 ? 'a third of the way' : 'two thirds of the way'
  return `${part}/${whole} of the way`
}

type Place = Pick<Draft, 'at' | 'altM' | 'aboveTakeoffM' | 'headingDeg' | 'pitchDeg' | 'inSketch'>

/** Position, height and direction at a share of the way from one photo to another. */
export function placeBetween(site: Site, from: string, to: string, share: number): Place {
  const mix = (a: number | null | undefined, b: number | null | undefined): number | null =>
    a == null || b == null ? (a ?? b ?? null) : a + share * (b - a)
  const [a, b] = [site.fixes.get(from), site.fixes.get(to)]
  const [start, end] = [site.inSketch(from), site.inSketch(to)]
  const at = a && b ? { lat: mix(a.lat, b.lat) as number, lon: mix(a.lon, b.lon) as number } : null
  const altM = a && b ? mix(...altitudes(a, b)) : null
  const aboveTakeoffM = mix(site.byFile.get(from)?.relativeAltM, site.byFile.get(to)?.relativeAltM)
  const between = start && end ? ([0, 1, 2].map((i) => start[i]! + share * (end[i]! - start[i]!)) as unknown as Point3) : null
  return {
    at,
    altM,
    aboveTakeoffM,
    ...direction(site, from, to, share),
    inSketch: between ?? (at && site.sketchAt(at, aboveTakeoffM, altM)),
  }
}

const altitudes = (a: GpsFix, b: GpsFix) => [a.altM, b.altM] as const

// Straight down the heading is free, and photos of a flight to and fro point to opposite sides: the first one's is kept.
function direction(site: Site, from: string, to: string, share: number): Pick<Draft, 'headingDeg' | 'pitchDeg'> {
  const [first, second] = [facing(site, from), facing(site, to)]
  const [a, b] = [site.lookAt(from), site.lookAt(to)]
  if (!a || !b || first.pitchDeg === null || second.pitchDeg === null) return a ? first : second
  const pitchDeg = first.pitchDeg + share * (second.pitchDeg - first.pitchDeg)
  const mixed = facingOf(unit([0, 1, 2].map((i) => a[i]! + share * (b[i]! - a[i]!)) as unknown as Point3))
  return { headingDeg: mixed.headingDeg ?? first.headingDeg, pitchDeg }
}
