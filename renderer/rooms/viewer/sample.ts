import type { SplatMesh } from '@sparkjsdev/spark'
import { Vector3 } from 'three'
import type { SceneFacts } from '../../../core/scene/scene.ts'
import { type Luma, lumaOf } from './exposure.ts'
import { groundUp } from './ground.ts'
import { type Ball, ballOf } from './view-math.ts'

/** At most so many splats are looked at: enough for a middle and an exposure, fast on any scene. */
const sampleSize = 20_000
/** A splat larger than this (in square units) is background and must not outweigh the scene. */
const mostArea = 1e6

export type Sample = { readonly ball: Ball; readonly up: Vector3 | null; readonly lumas: readonly Luma[] }

/** Fainter splats than this are haze: they neither place the view nor set its exposure. */
const leastOpacity = 0.15
/** A splat larger than so many middling ones is sky or a stretched floater, and tells nothing of where the scene is. */
const mostMiddling = 12

/** Middle, up and colours of a sample of the splats; those over the covered ground count for exposure. */
export function sampleOf(mesh: SplatMesh, facts: SceneFacts | null): Sample {
  const solids: { readonly at: Vector3; readonly size: number }[] = []
  const lumas: Luma[] = []
  const covered = facts?.covered
  const middle = covered ? new Vector3(...covered.centre) : null
  const step = Math.max(1, Math.floor(mesh.numSplats / sampleSize))
  mesh.forEachSplat((index, centre, scales, _turn, opacity, colour) => {
    if (index % step !== 0) return
    if (opacity < leastOpacity) return
    solids.push({ at: centre.clone(), size: Math.max(scales.x, scales.y, scales.z) })
    const area = Math.min(scales.x * scales.y + scales.y * scales.z + scales.x * scales.z, mostArea)
    if (!middle || middle.distanceTo(centre) < (covered?.radius ?? 0))
      lumas.push({ value: lumaOf(colour.r, colour.g, colour.b), weight: opacity * area })
  })
  const points = wellSized(solids)
  const ball = ballOf(points)
  return { ball, up: groundUp(points, ball), lumas }
}

function wellSized(solids: readonly { readonly at: Vector3; readonly size: number }[]): readonly Vector3[] {
  const sizes = solids.map((one) => one.size).toSorted((a, b) => a - b)
  const most = (sizes[Math.floor(sizes.length / 2)] ?? 0) * mostMiddling
  return solids.filter((one) => one.size <= most).map((one) => one.at)
}
