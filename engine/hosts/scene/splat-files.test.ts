import { expect, it } from 'vitest'
import { readPly } from './ply.ts'
import { toKsplat, toSplat } from './splat-files.ts'

const names = ['x', 'y', 'z', 'f_dc_0', 'f_dc_1', 'f_dc_2', 'opacity', 'scale_0', 'scale_1', 'scale_2', 'rot_0', 'rot_1', 'rot_2', 'rot_3']
// A grey, half opaque splat of 1 m, and a larger white one turned by half a turn about z.
const rows = [
  [1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0],
  [4, 5, 6, 10, 10, 10, 20, 1, 1, 1, 0, 0, 0, 2],
]

function ply(): Buffer {
  const header = [
    'ply',
    'format binary_little_endian 1.0',
    `element vertex ${rows.length}`,
    ...names.map((name) => `property float ${name}`),
    'end_header',
    '',
  ].join('\n')
  const table = new Float32Array(rows.flat())
  return Buffer.concat([Buffer.from(header), Buffer.from(table.buffer)])
}

const splats = () => readPly(ply()) ?? expect.fail('the ply was not read')

it('.splat has 32 bytes a splat, the most visible first', () => {
  const file = toSplat(splats())
  expect(file.length).toBe(64)
  expect([0, 4, 8].map((at) => file.readFloatLE(at))).toEqual([4, 5, 6])
  expect(file.readFloatLE(12)).toBeCloseTo(Math.E)
  expect([...file.subarray(24, 32)]).toEqual([255, 255, 255, 255, 128, 128, 128, 255])
  expect([...file.subarray(56, 64)]).toEqual([128, 128, 128, 128, 255, 128, 128, 128])
})

it('.ksplat has one section of full precision', () => {
  const file = toKsplat(splats())
  expect([file.readUInt8(0), file.readUInt8(1), file.readUInt32LE(16), file.readUInt16LE(20)]).toEqual([0, 1, 2, 0])
  expect(file.length).toBe(4096 + 1024 + 2 * 44)
  expect([0, 4, 8, 12].map((at) => file.readFloatLE(5120 + at))).toEqual([1, 2, 3, 1])
})

it('what is no splat .ply is not read', () => {
  expect(readPly(Buffer.from('hello'))).toBeNull()
  expect(readPly(ply().subarray(0, -1))).toBeNull()
})
