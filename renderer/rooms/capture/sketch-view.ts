import type { Sketch } from '../../../core/overlap/graph.ts'
import { across, along, cross, dot, minus, type Point3, unit } from '../../../core/overlap/geometry.ts'
import { median } from '../../../core/capture/statistics.ts'
import { extents } from '../../../core/overlap/similarity.ts'

/** How the sketch is looked at: turned about its upright, tilted, and how many pixels a unit of its size takes. */
export type Look = { readonly turnRad: number; readonly tiltRad: number; readonly zoom: number }

export const firstLook: Look = { turnRad: 0.6, tiltRad: 0.75, zoom: 1 }

/** What stays the same while it is turned: its middle, its size and its own axes, the third upwards. */
export type Body = { readonly middle: Point3; readonly size: number; readonly axes: readonly [Point3, Point3, Point3] }

// Cameras that mostly look one way look down on a place or at a wall; those that look all ways stand around something.
const oneWay = 0.5

/** The body of a sketch. Upright is against the common view; where there is none, across the cameras' own plane. */
export function bodyOf({ cameras, points }: Sketch): Body {
  const centres = cameras.map(({ centre }) => centre)
  const at = (axis: 0 | 1 | 2): number => median([...centres.map((centre) => centre[axis]), ...points.filter((_, i) => i % 3 === axis)])
  const middle: Point3 = [at(0), at(1), at(2)]
  const far = [...centres.map((centre) => Math.hypot(...minus(centre, middle))), ...farOf(points, middle)].sort((a, b) => a - b)
  const view = cameras.reduce<Point3>((sum, { direction }) => along(sum, direction, 1 / cameras.length), [0, 0, 0])
  const up = Math.hypot(...view) > oneWay ? unit([-view[0], -view[1], -view[2]]) : unit(extents(centres).axes[0] ?? [0, 0, 1])
  const [u] = across(up)
  return { middle, size: far[Math.floor(0.97 * (far.length - 1))] || 1, axes: [u, cross(up, u), up] }
}

function farOf(points: readonly number[], middle: Point3): readonly number[] {
  return Array.from({ length: Math.floor(points.length / 3) }, (_, i) =>
    Math.hypot(points[3 * i]! - middle[0], points[3 * i + 1]! - middle[1], points[3 * i + 2]! - middle[2]),
  )
}

/** Pixels of a point, and how near it is (larger is nearer). Parallel rays: sizes can be compared. */
export function project(body: Body, look: Look, width: number, height: number): (point: Point3) => readonly [number, number, number] {
  const scale = (0.42 * Math.min(width, height) * look.zoom) / body.size
  const [ct, st, cp, sp] = [Math.cos(look.turnRad), Math.sin(look.turnRad), Math.cos(look.tiltRad), Math.sin(look.tiltRad)]
  return (point) => {
    const off = minus(point, body.middle)
    const [a, b, c] = body.axes.map((axis) => dot(off, axis)) as [number, number, number]
    const [x, y] = [ct * a - st * b, st * a + ct * b]
    return [width / 2 + scale * x, height / 2 - scale * (sp * y + cp * c), cp * -y + sp * c]
  }
}
