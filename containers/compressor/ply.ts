import { readFileSync } from 'node:fs'
import { brokenScene } from './problem.ts'

/** Splats as columns, by the standard 3DGS names: scales are logarithms, opacities logits, rotations (w, x, y, z). */
export type Splats = { readonly count: number; readonly bands: number; readonly columns: ReadonlyMap<string, Float32Array> }

const NEEDED = ['x', 'y', 'z', 'f_dc_0', 'f_dc_1', 'f_dc_2', 'opacity', 'scale_0', 'scale_1', 'scale_2', 'rot_0', 'rot_1', 'rot_2', 'rot_3']

/** Coefficients above the constant one, three colours together, by number of bands. */
export const REST_BY_BANDS = [0, 9, 24, 45] as const

/** Reads a binary little-endian PLY of float properties. Throws brokenScene (65). */
export function readPly(path: string): Splats {
  const bytes = readFileSync(path)
  const end = bytes.indexOf('end_header\n')
  if (!bytes.subarray(0, 4).equals(Buffer.from('ply\n')) || end < 0) throw brokenScene('The scene is not a PLY file.')
  const header = bytes.toString('latin1', 0, end)
  const count = Number(/^element vertex (\d+)$/m.exec(header)?.[1] ?? Number.NaN)
  const names = [...header.matchAll(/^property (\w+) (\w+)$/gm)].map(([, type, name]) => {
    if (type !== 'float') throw brokenScene(`The scene's property ${name} is ${type}, not float.`)
    return name as string
  })
  const missing = NEEDED.filter((name) => !names.includes(name))
  if (!header.includes('format binary_little_endian 1.0') || missing.length > 0) {
    throw brokenScene(`The scene is not a binary splat PLY${missing.length > 0 ? `: ${missing.join(', ')} missing` : ''}.`)
  }
  const start = end + 'end_header\n'.length
  if (!(count > 0)) throw brokenScene('The scene has no splats.')
  if (bytes.length - start !== count * names.length * 4) throw brokenScene('The scene is cut off.')
  const rest = names.filter((name) => name.startsWith('f_rest_')).length
  const bands = REST_BY_BANDS.findIndex((n) => n === rest)
  if (bands < 0) throw brokenScene(`The scene has ${rest} harmonics, which is no whole number of bands.`)
  return { count, bands, columns: readColumns(bytes, start, count, names) }
}

function readColumns(bytes: Buffer, start: number, count: number, names: readonly string[]): Map<string, Float32Array> {
  const columns = names.map(() => new Float32Array(count))
  const view = new DataView(bytes.buffer, bytes.byteOffset + start)
  let at = 0
  for (let i = 0; i < count; i++) {
    for (const column of columns) {
      column[i] = view.getFloat32(at, true)
      at += 4
    }
  }
  return new Map(names.map((name, i) => [name, columns[i] as Float32Array]))
}

/** The column `name`; readPly has shown that it is there. */
export function column(splats: Splats, name: string): Float32Array {
  const found = splats.columns.get(name)
  if (found === undefined) throw brokenScene(`The scene has no ${name}.`)
  return found
}
