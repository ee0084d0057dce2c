import { createRequire } from 'node:module'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { problem, ProblemError } from '../../core/problem.ts'
import { loadWasm } from './native-wasm.ts'

/** `maxFeatures`: kept by largest scale first. `baseLongPx`: long side of the image that the first octave works on; above the photo's own size it is upsampled. */
export type FeatureOptions = { readonly maxFeatures: number; readonly baseLongPx: number }

/** `focalA`, `focalB`: focal lengths in pixels of the image that the features came from; 0 where unknown. `use`: only that many features of largest scale. */
export type MatchOptions = { readonly seed?: number; readonly use?: number; readonly focalA?: number; readonly focalB?: number }

/** What two photos have in common. Counts are of matches after removing those that repeat a place. */
export type PairEvidence = {
  /** Mutual matches that pass the ratio test. */
  readonly raw: number
  /** Of these: consistent with one fundamental matrix, one homography. */
  readonly inliersF: number
  readonly inliersH: number
  /** Share of an 8x8 grid over the photo that holds an inlier, the smaller of the two photos. */
  readonly coverage: number
  /** Inliers of the better model over raw. */
  readonly inlierRatio: number
  /** Median angle between the rays to the inliers, degrees; null where no focal length is known or the pose is not determined. */
  readonly medianAngleDeg: number | null
  /** Inliers of the pair's essential matrix in front of both cameras; null without focal lengths. */
  readonly inliersE: number | null
  /** Share of the shift that goes along the first photo's view, 0..1: near 1 is forward motion. Null as above. */
  readonly forward: number | null
  /** Feature numbers of the better model's inliers: a0, b0, a1, b1 ... */
  readonly matches: Int32Array
}

/** One photo of a rehearsal. `blob` may end before the descriptors. `focalPx` at the size the features came from, 0 unknown. `camera`: photos with one number share a focal length. */
export type RehearsalPhoto = { readonly blob: Uint8Array; readonly focalPx: number; readonly camera: number }

/** One tried pair of a rehearsal, by photo numbers. */
export type RehearsalPair = { readonly a: number; readonly b: number; readonly matches: Int32Array }

/** `leastInliers`: what a photo needs to join (COLMAP's 30 for its own, more numerous features). `dropped`: share of the matches that a perturbed run leaves out. `stop`: one number in shared memory; the run throws soon after it is no longer 0. */
export type RehearsalOptions = {
  readonly seed: number
  readonly leastInliers: number
  readonly dropped: number
  readonly stop?: Int32Array
}

/** The outcome of one rehearsal: a small reconstruction. Arrays run over the photos but for `xyz` and `shared`. */
export type Rehearsal = {
  /** The group that each photo joined, 0 the largest; -1: none. */
  readonly group: Int32Array
  /** Triangulated points that it sees in its group, and the inliers with which it joined. */
  readonly points: Int32Array
  readonly support: Int32Array
  /** Seven numbers a photo, true of group 0: camera centre x, y, z, viewing direction x, y, z, focal length in grey pixels. */
  readonly pose: Float64Array
  /** The points of group 0: x, y, z ... */
  readonly xyz: Float32Array
  /** Points that two photos of group 0 share: a, b, count ... */
  readonly shared: Int32Array
  /** Three numbers for each pair looked at for a beginning: angle between rays in degrees, share of the shift along the view, share of the matches that fit. */
  readonly beginnings: Float64Array
  readonly medianAngleDeg: number
  readonly reprojectionPx: number
}

/** The C++ addon. Every function is synchronous and pure: call it in a worker thread. */
export type Native = {
  /** SIFT features of a grey image (8 bit, row by row) as one blob: see native/blob.h. */
  features(grey: Uint8Array, widthPx: number, heightPx: number, options: FeatureOptions): Buffer
  match(a: Uint8Array, b: Uint8Array, options: MatchOptions): PairEvidence
  /** Pairs worth trying by the features alone: a0, b0, a1, b1 ... with a < b, at most `k` a photo asked for. */
  candidates(blobs: readonly Uint8Array[], k: number): Int32Array
  rehearse(photos: readonly RehearsalPhoto[], pairs: readonly RehearsalPair[], options: RehearsalOptions): Rehearsal
}

/** How the overlap engine runs: as the addon, or as WebAssembly where the addon cannot be loaded. */
export type LoadedNative = { readonly kind: 'addon' | 'wasm'; readonly native: Native }

/** Loads the engine that belongs to the program under `program`; a ProblemError `engine/native-missing` says what to do where there is none that loads. */
export function loadNative(program: string): Native {
  return openNative(program).native
}

/** The same, saying which of the two it is. */
export function openNative(program: string): LoadedNative {
  const addon = builtFile(program, 'spaceport.node', 'current')
  if (addon === null) return openWasm(program, 'The overlap engine has not been built.')
  try {
    return { kind: 'addon', native: createRequire(import.meta.url)(addon) as Native }
  } catch (cause) {
    return openWasm(program, 'The overlap engine does not load on this machine.', cause)
  }
}

// One module for each file and thread: its memory grows to what the largest photo needed and is used again.
const opened = new Map<string, Native>()

function openWasm(program: string, what: string, cause?: unknown): LoadedNative {
  const file = builtFile(program, 'spaceport.wasm', 'current-wasm')
  if (file === null || !existsSync(file)) throw missing(what, cause)
  const native = opened.get(file) ?? loadWasm(file)
  opened.set(file, native)
  return { kind: 'wasm', native }
}

// A packaged program carries the engine beside its sources' folder; a checkout has what build/native.mjs made last.
function builtFile(program: string, name: string, pointer: string): string | null {
  const packaged = join(program, 'native', name)
  if (existsSync(packaged)) return packaged
  const built = join(program, '.cache', 'native', pointer)
  if (!existsSync(built)) return null
  return join(program, '.cache', 'native', readFileSync(built, 'utf8').trim())
}

function missing(what: string, cause?: unknown): ProblemError {
  return new ProblemError(
    problem('engine/native-missing', what, 'Run `node build/native.mjs`; it needs a C++ compiler or the Python package ziglang.'),
    { cause },
  )
}
