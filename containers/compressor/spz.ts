import { type Splats, column } from './ply.ts'

/** SPZ keeps each coordinate as a signed number of 24 bits, 12 of them behind the point. */
const SPZ_REACH = (2 ** 23 - 1) / 2 ** 12

/** The box that SPZ can hold, in the tool's words. */
export const SPZ_BOX = [-1, -1, -1, 1, 1, 1].map((side) => side * SPZ_REACH).join(',')

export const FAR_REASON = 'farther than 2,048 units from the origin, for which SPZ has no numbers; the .sog holds them'

/** The splats that SPZ can hold. Others would be moved to its border, in the middle of nowhere, so they are left out. */
export function withinSpz(scene: Splats): Splats {
  const axes = ['x', 'y', 'z'].map((name) => column(scene, name))
  const kept = Array.from({ length: scene.count }, (_, i) => i).filter((i) =>
    axes.every((axis) => Math.abs(axis[i] as number) <= SPZ_REACH),
  )
  if (kept.length === scene.count) return scene
  const columns = [...scene.columns].map(([name, values]) => [name, Float32Array.from(kept, (i) => values[i] as number)] as const)
  return { count: kept.length, bands: scene.bands, columns: new Map(columns) }
}
