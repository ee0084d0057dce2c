import type { LatLon } from '../capture/local-plane.ts'
import { localPlane } from '../capture/local-plane.ts'
import type { GpsFix, Photo } from '../capture/photo.ts'
import { median } from '../capture/statistics.ts'
import { gimbalOf, lookOf } from './attitude.ts'
import { type Captured, registering, trustedFixes } from './captured.ts'
import { spanOf } from './coverage.ts'
import type { Point3 } from './geometry.ts'
import { locate } from './located.ts'
import { FORWARD_OVERLAP } from './reshoot-plan.ts'
import { seenBy, type Seen } from './views.ts'

/** What is known of the place, for every part of the plan. */
export type Site = {
  readonly captured: Captured
  readonly seen: Seen | null
  readonly byFile: ReadonlyMap<string, Photo>
  readonly fixes: ReadonlyMap<string, GpsFix>
  /** The same in metres on one plane. */
  readonly places: ReadonlyMap<string, readonly [eastM: number, northM: number]>
  /** Number in the order of taking. */
  readonly order: ReadonlyMap<string, number>
  /** Metres between photos that share 70 % of their ground; null where nothing tells. */
  readonly stepM: number | null
  /** Where a photo looks: east, north, up. */
  readonly lookAt: (file: string) => Point3 | null
  readonly inSketch: (file: string) => Point3 | null
  /** Where a photo looks in the sketch's own frame. */
  readonly sight: (file: string) => Point3 | null
  /** A place of the earth in the sketch. */
  readonly sketchAt: (at: LatLon, aboveTakeoffM: number | null, altM: number | null) => Point3 | null
  /** Metres of one unit of the plane that `seen` lies in. */
  readonly metresPerUnit: number | null
  /** How far positions may be off for the photos' GPS. */
  readonly accuracyM: number | null
}

/** Gathers it. */
export function siteOf(captured: Captured): Site {
  const { photos, forecast } = captured
  const located = locate(captured)
  const seen = seenBy(captured)
  const byFile = new Map(photos.map((photo) => [photo.file, photo]))
  const cameras = new Map((forecast?.sketch?.cameras ?? []).map((camera) => [camera.file, camera]))
  const fixes = trustedFixes(captured)
  const rehearsed = (file: string): Point3 | null => {
    const direction = cameras.get(file)?.direction
    return direction && located.toEastNorthUp ? located.toEastNorthUp(direction) : null
  }
  const lookAt = (file: string): Point3 | null => {
    const gimbal = byFile.get(file)?.gimbal
    return gimbal ? lookOf(gimbal) : rehearsed(file)
  }
  const span = seen && seen.views.length > 0 ? spanOf(seen.views) : null
  const metresPerUnit = seen?.metric ? 1 : located.metresPerUnit
  const spanM = span && metresPerUnit && span * metresPerUnit
  return {
    captured,
    seen,
    byFile,
    fixes,
    places: placesOf(fixes),
    order: orderOf(photos),
    stepM: spanM === null ? usualStepM(captured, fixes) : (1 - FORWARD_OVERLAP) * spanM,
    lookAt,
    sight: (file) => cameras.get(file)?.direction ?? null,
    inSketch: (file) => cameras.get(file)?.centre ?? null,
    sketchAt: (at, aboveTakeoffM, altM) => {
      const heightM = located.isAboveTakeoff ? aboveTakeoffM : altM
      return heightM === null ? null : (located.sketchFromMetres(at)?.(0, 0, heightM) ?? null)
    },
    metresPerUnit,
    accuracyM: accuracyOf(captured, located.residualM),
  }
}

function placesOf(fixes: ReadonlyMap<string, GpsFix>): Site['places'] {
  const [first] = fixes.values()
  const plane = first && localPlane(first)
  return new Map(plane ? [...fixes].map(([file, fix]) => [file, plane.toMetres(fix)]) : [])
}

function orderOf(photos: readonly Photo[]): ReadonlyMap<string, number> {
  const key = ({ takenAt, file }: Photo): string => (photos.every((one) => one.takenAt !== null) ? `${takenAt} ${file}` : file)
  return new Map(photos.toSorted((a, b) => (key(a) < key(b) ? -1 : 1)).map(({ file }, i) => [file, i]))
}

// A pair over this many inliers holds by itself.
const strongInliers = 60

/** What photos that hold together are apart, in the middle: closer than that new ones should hold as well. */
function usualStepM({ forecast }: Captured, fixes: ReadonlyMap<string, GpsFix>): number | null {
  const steps = (forecast?.pairs ?? []).flatMap(({ a, b, inliers }) => {
    const [from, to] = [fixes.get(a), fixes.get(b)]
    const apart = inliers >= strongInliers && from && to ? metresBetween(from, to) : 0
    return apart > 0 ? [apart] : []
  })
  return steps.length > 0 ? median(steps) / 2 : null
}

/** Metres over the ground. */
export function metresBetween(a: LatLon, b: LatLon): number {
  return Math.hypot(...localPlane(a).toMetres(b))
}

// Compact cameras on drones were 12 to 13 m off (caliterra-a against its model).
const compactM = 13

// A turn, a scale and a shift bend seven numbers to the positions: with few of them what is left over flatters the receiver.
const fewestToMeasure = 10

/** Measured against the rehearsal where that has photos enough; else the receiver's own word; else, where the check doubts it, what such cameras had. */
function accuracyOf({ photos, findings, forecast }: Captured, residualM: number | null): number | null {
  const errors = photos.flatMap(({ gpsErrorM }) => (gpsErrorM ? [gpsErrorM] : []))
  const said = errors.length > 0 ? median(errors) : null
  const doubted = findings.some(({ code }) => code === 'capture/gps-poor') ? compactM : null
  if (residualM === null) return said ?? doubted
  const isMeasured = (forecast?.sketch?.cameras.length ?? 0) >= fewestToMeasure
  return Math.max(residualM, said ?? (isMeasured ? 0 : (doubted ?? 0)))
}

// Nearer to straight down the way that a picture's top points is not in the view itself.
const downDeg = -75

/** Heading and gimbal pitch of a photo: its gimbal's own, else of the rehearsed view. */
export function facing(
  site: Pick<Site, 'byFile' | 'lookAt'>,
  file: string,
): { readonly headingDeg: number | null; readonly pitchDeg: number | null } {
  const gimbal = site.byFile.get(file)?.gimbal
  if (gimbal) return { headingDeg: (gimbal.yawDeg + 360) % 360, pitchDeg: gimbal.pitchDeg }
  const look = site.lookAt(file)
  return look ? facingOf(look) : { headingDeg: null, pitchDeg: null }
}

/** Heading and pitch of a view given east, north, up. */
export function facingOf(look: Point3): { readonly headingDeg: number | null; readonly pitchDeg: number } {
  const { yawDeg, pitchDeg } = gimbalOf(look)
  return { headingDeg: pitchDeg < downDeg ? null : yawDeg, pitchDeg }
}

/** The photos that a plan starts from. */
export function held(site: Site): readonly string[] {
  return registering(site.captured).map(({ file }) => file)
}
