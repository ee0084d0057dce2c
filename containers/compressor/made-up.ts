import { REST_BY_BANDS } from './ply.ts'

/** A made-up scene for tests: a bumpy, coloured ground of `count` splats with `bands` of harmonics, as PLY bytes. */
export function madeUpPly(count: number, bands: number): Buffer {
  const rest = Array.from({ length: REST_BY_BANDS[bands] ?? 0 }, (_, i) => `f_rest_${i}`)
  const names = [
    'x',
    'y',
    'z',
    'f_dc_0',
    'f_dc_1',
    'f_dc_2',
    ...rest,
    'opacity',
    'scale_0',
    'scale_1',
    'scale_2',
    'rot_0',
    'rot_1',
    'rot_2',
    'rot_3',
  ]
  const header = `ply\nformat binary_little_endian 1.0\nelement vertex ${count}\n${names.map((n) => `property float ${n}\n`).join('')}end_header\n`
  const random = generator(7)
  const rows = new Float32Array(count * names.length)
  for (let i = 0; i < count; i++) {
    const [x, y] = [random() * 20 - 10, random() * 20 - 10]
    const color = [Math.sin(x), Math.cos(y), Math.sin(x * y * 0.2)]
    const harmonics = rest.map(() => (random() - 0.5) * 0.2)
    const turn = [1, random() - 0.5, random() - 0.5, random() - 0.5]
    const size = Math.hypot(...turn)
    const scales = [0, 0, 0].map(() => -1.6 + random() * 0.6)
    rows.set([x, y, Math.sin(x + y) * 0.5, ...color, ...harmonics, 2 + random(), ...scales, ...turn.map((q) => q / size)], i * names.length)
  }
  return Buffer.concat([Buffer.from(header), Buffer.from(rows.buffer)])
}

/** Park and Miller's minimal standard generator, so that tests see the same scene everywhere. */
function generator(seed: number): () => number {
  let state = seed
  return () => (state = (state * 48271) % 2147483647) / 2147483647
}
