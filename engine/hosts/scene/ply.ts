/** The columns of a Gaussian splat .ply that the small formats need: binary little-endian, all properties float. */
export type Splats = { readonly count: number; readonly column: (name: string) => (row: number) => number }

const SIZES: Readonly<Record<string, number>> = { float: 4, float32: 4 }

/** Reads a .ply as splat-transform writes it, or null where it is another kind. */
export function readPly(file: Buffer): Splats | null {
  const end = file.indexOf('end_header\n')
  const header = file.subarray(0, Math.max(0, end)).toString('latin1').split('\n')
  if (end < 0 || header[0] !== 'ply' || !header.includes('format binary_little_endian 1.0')) return null
  const count = Number(header.find((line) => line.startsWith('element vertex '))?.split(' ')[2] ?? 0)
  const properties = header.filter((line) => line.startsWith('property ')).map((line) => line.split(' '))
  if (properties.some(([, type = '']) => SIZES[type] === undefined)) return null
  const names = properties.map(([, , name = '']) => name)
  const [start, stride] = [end + 'end_header\n'.length, names.length * 4]
  if (file.length < start + count * stride) return null
  const column = (name: string) => {
    const at = names.indexOf(name)
    return at < 0 ? () => 0 : (row: number) => file.readFloatLE(start + row * stride + at * 4)
  }
  return { count, column }
}
