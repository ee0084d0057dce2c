import { writeFileSync } from 'node:fs'

const names = ['x', 'y', 'z', 'f_dc_0', 'f_dc_1', 'f_dc_2', 'opacity', 'scale_0', 'scale_1', 'scale_2', 'rot_0', 'rot_1', 'rot_2', 'rot_3']

/** Writes a scene in the order of 3DGS: a square of grey gaussians, `side` in a row, of which each is seen. */
export function writeTinySplat(file: string, side = 20): void {
  const rows = Array.from({ length: side * side }, (_, at) => {
    const [x, y] = [(at % side) / side - 0.5, Math.floor(at / side) / side - 0.5]
    return [x, y, 0, x, y, 0.4, 4, ...Array.from({ length: 3 }, () => Math.log(0.04)), 1, 0, 0, 0]
  })
  const head = [
    'ply',
    'format binary_little_endian 1.0',
    `element vertex ${rows.length}`,
    ...names.map((name) => `property float ${name}`),
    'end_header\n',
  ]
  writeFileSync(file, Buffer.concat([Buffer.from(head.join('\n')), Buffer.from(new Float32Array(rows.flat()).buffer)]))
}
