import type { Splats } from './ply.ts'

// Zeroth spherical harmonic: colour = 0.5 + SH_C0 * f_dc (Kerbl et al. 2023, reference code).
const SH_C0 = 0.28209479177387814
const byte = (value: number) => Math.max(0, Math.min(255, Math.round(value)))

type Row = {
  readonly centre: readonly number[]
  readonly scale: readonly number[]
  readonly rgba: readonly number[]
  readonly quaternion: readonly number[]
}

/** One splat in linear terms: scale as a length, colour and opacity 0..255, unit quaternion wxyz. */
function rowsOf(splats: Splats): (row: number) => Row {
  const of = (...names: string[]) => names.map(splats.column)
  const [centre, scale, dc, rot] = [
    of('x', 'y', 'z'),
    of('scale_0', 'scale_1', 'scale_2'),
    of('f_dc_0', 'f_dc_1', 'f_dc_2'),
    of('rot_0', 'rot_1', 'rot_2', 'rot_3'),
  ]
  const opacity = splats.column('opacity')
  return (row) => {
    const raw = rot.map((read) => read(row))
    const length = Math.hypot(...raw) || 1
    return {
      centre: centre.map((read) => read(row)),
      scale: scale.map((read) => Math.exp(read(row))),
      rgba: [...dc.map((read) => byte((0.5 + SH_C0 * read(row)) * 255)), byte(255 / (1 + Math.exp(-opacity(row))))],
      quaternion: raw.map((value) => value / length),
    }
  }
}

// 12 bytes of centre, 12 of scale, 4 of colour, 4 of rotation.
const SPLAT_BYTES = 32

/** .splat (antimatter15/splat): 32 bytes a splat, the most visible first as that viewer's own converter sorts them. Colours only: no spherical harmonics. */
export function toSplat(splats: Splats): Buffer {
  const rowOf = rowsOf(splats)
  const rows = Array.from({ length: splats.count }, (_, row) => rowOf(row))
  const weight = (row: Row) => row.scale.reduce((product, one) => product * one, 1) * (row.rgba[3] ?? 0)
  rows.sort((a, b) => weight(b) - weight(a))
  const file = Buffer.alloc(splats.count * SPLAT_BYTES)
  for (const [at, row] of rows.entries()) {
    const start = at * SPLAT_BYTES
    for (const [i, value] of [...row.centre, ...row.scale].entries()) file.writeFloatLE(value, start + i * 4)
    for (const [i, value] of row.rgba.entries()) file.writeUInt8(value, start + 24 + i)
    for (const [i, value] of row.quaternion.entries()) file.writeUInt8(byte(value * 128 + 128), start + 28 + i)
  }
  return file
}

const KSPLAT_HEADER = 4096
const KSPLAT_SECTION = 1024
// Level 0: 12 bytes of centre, 12 of scale, 16 of rotation, 4 of colour.
const KSPLAT_BYTES = 44
const KSPLAT_BUCKET = 256

/** .ksplat (mkkellogg/GaussianSplats3D, version 0.1), level 0: one section, not quantised. Colours only: no spherical harmonics. */
export function toKsplat(splats: Splats): Buffer {
  const { count } = splats
  const start = KSPLAT_HEADER + KSPLAT_SECTION
  const file = Buffer.alloc(start + count * KSPLAT_BYTES)
  file.writeUInt8(1, 1)
  for (const [at, value] of [
    [4, 1],
    [8, 1],
    [12, count],
    [16, count],
  ] as const)
    file.writeUInt32LE(value, at)
  file.writeFloatLE(-1.5, 36)
  file.writeFloatLE(1.5, 40)
  for (const [at, value] of [
    [0, count],
    [4, count],
    [8, KSPLAT_BUCKET],
    [28, count * KSPLAT_BYTES],
  ] as const)
    file.writeUInt32LE(value, KSPLAT_HEADER + at)
  const rowOf = rowsOf(splats)
  for (let at = 0; at < count; at += 1) {
    const row = rowOf(at)
    const place = start + at * KSPLAT_BYTES
    for (const [i, value] of [...row.centre, ...row.scale, ...row.quaternion].entries()) file.writeFloatLE(value, place + i * 4)
    for (const [i, value] of row.rgba.entries()) file.writeUInt8(value, place + 40 + i)
  }
  return file
}
