import type { LatLon } from '../capture/local-plane.ts'
import type { Point3 } from './geometry.ts'

/** What a position is to close. */
export type ReshootKind = 'gap' | 'bridge' | 'unlinked' | 'again' | 'hole'

/** One photo to take. Null: not known, and then `words` says it all the same. */
export type ReshootPosition = {
  /** Counted from 1 in the order to fly. */
  readonly number: number
  /** The number of the place that it helps to close. */
  readonly closes: number
  readonly kind: ReshootKind
  /** WGS 84. */
  readonly at: LatLon | null
  /** Height as the photos' GPS has it: above sea level or the ellipsoid, as the camera wrote it. */
  readonly altM: number | null
  /** Height above take-off, where the photos carry it. */
  readonly aboveTakeoffM: number | null
  /** Clockwise from north, 0 to 360. */
  readonly headingDeg: number | null
  /** Gimbal: -90 straight down, 0 level. */
  readonly pitchDeg: number | null
  /** Where, in words that need no GPS. */
  readonly words: string
  readonly reason: string
  /** The photos that it is to hang together with. */
  readonly near: readonly string[]
  /** The place in the frame of the forecast's sketch. */
  readonly inSketch: Point3 | null
}

/** One thing that is to be closed, with what a later check is asked about it (reshoot-judge.ts). */
export type ReshootPlace = {
  /** Counted from 1. */
  readonly number: number
  readonly kind: ReshootKind
  readonly reason: string
  /** Photos that hang together once it is closed; of a hole none. */
  readonly together: readonly string[]
  /** Photos that by then must not be the only link between two parts. */
  readonly bridge: readonly string[]
  readonly hole: PlannedHole | null
}

/** Positions that should close what the check found open; a forecast, never a promise. */
export type ReshootPlan = {
  readonly positions: readonly ReshootPosition[]
  /** What they close; each has positions. */
  readonly places: readonly ReshootPlace[]
  /** The rule that the positions follow, for a person. */
  readonly rule: string
  /** How far off a position may be for the GPS of the photos; null where it was not measured. */
  readonly accuracyM: number | null
  /** The holes that positions close, where GPS or the rehearsal places them. */
  readonly holes: readonly PlannedHole[]
  /** What the plan does not cover, and why. */
  readonly notes: readonly string[]
}

/** A hole of the covered ground: its middle, and the radius of the circle that lies in it wholly. */
export type PlannedHole = { readonly at: LatLon | null; readonly radiusM: number | null; readonly inSketch: Point3 | null }

/** A position before it has its number. */
export type Draft = Omit<ReshootPosition, 'number' | 'closes'>

/** A place before it has its number, and the positions that should close it. */
export type Job = Omit<ReshootPlace, 'number'> & { readonly drafts: readonly Draft[] }

// Two neighbours share seven tenths of their ground: what mapping flights fly, and what COLMAP's pairs of the clean shared sets had or more.
export const FORWARD_OVERLAP = 0.7

// SIFT's matches thin out beyond 30 degrees of turn about the subject (Lowe 2004, section 7.3): twenty leaves a margin.
export const MOST_TURN_DEG = 20

export const kindWords: Readonly<Record<ReshootKind, string>> = {
  gap: 'Gap between groups',
  bridge: 'Weak bridge',
  unlinked: 'Joins nothing',
  again: 'Take again',
  hole: 'Coverage hole',
}
