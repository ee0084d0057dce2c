import type { SplatMesh } from '@sparkjsdev/spark'
import { Vector3 } from 'three'
import type { SceneFacts } from '../../../core/contract.ts'
import { type Luma, lumaOf } from './exposure.ts'
import { type Ball, ballOf } from './view-math.ts'

/** At most so many splats are looked at: enough for a middle and an exposure, fast on any scene. */
const sampleSize = 20_000
/** A splat larger than this (in square units) is background and must not outweigh the scene. */
const mostArea = 1e6

/** Middle and colours of a sample of the splats; those over the covered ground count for exposure. */
export function sampleOf(mesh: SplatMesh, facts: SceneFacts | null): { readonly ball: Ball; readonly lumas: readonly Luma[] } {
  const points: Vector3[] = []
  const lumas: Luma[] = []
  const covered = facts?.covered
  const middle = covered ? new Vector3(...covered.centre) : null
  const step = Math.max(1, Math.floor(mesh.numSplats / sampleSize))
  mesh.forEachSplat((index, centre, scales, _turn, opacity, colour) => {
    if (index % step !== 0) return
    points.push(centre.clone())
    const area = Math.min(scales.x * scales.y + scales.y * scales.z + scales.x * scales.z, mostArea)
    if (!middle || middle.distanceTo(centre) < (covered?.radius ?? 0))
      lumas.push({ value: lumaOf(colour.r, colour.g, colour.b), weight: opacity * area })
  })
  return { ball: ballOf(points), lumas }
}
