import type { Problem } from '../../../core/problem.ts'
import type { Point } from './ruler.ts'

export type Background = 'neutral' | 'black' | 'white'

/** What the stage tells of itself; numbers are measured, null is not yet known. */
export type Readout = {
  readonly state: 'empty' | 'loading' | 'decoding' | 'sorting' | 'shown' | 'failed'
  readonly loading: { readonly done: number; readonly total: number } | null
  readonly problem: Problem | null
  readonly mode: 'orbit' | 'fly'
  readonly ev: number
  readonly autoEv: number | null
  readonly background: Background
  readonly showCameras: boolean
  readonly gaussians: number | null
  readonly frameMs: number | null
  readonly fovDeg: number
  readonly drawnRatio: number
  /** The photo whose pose the camera stands in, and how much of the photo covers the splat. */
  readonly photo: string | null
  readonly mix: number
  /** The ends that were measured between; null while nothing is measured. */
  readonly ruler: { readonly points: readonly Point[]; readonly missed: boolean } | null
}

export const firstReadout: Readout = {
  state: 'empty',
  loading: null,
  problem: null,
  mode: 'orbit',
  ev: 0,
  autoEv: null,
  background: 'neutral',
  showCameras: true,
  gaussians: null,
  frameMs: null,
  fovDeg: 50,
  drawnRatio: 1,
  photo: null,
  mix: 0,
  ruler: null,
}

export const backgroundColours: Readonly<Record<Background, number>> = { neutral: 0x0f1012, black: 0x000000, white: 0xffffff }
