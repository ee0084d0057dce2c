import { expect, test } from 'vitest'
import type { SceneRef } from './scene.ts'
import { checkScene as check, endsOf } from './check-scene.ts'

const scene = (format: SceneRef['format'], bytes = 0): SceneRef => ({ name: `scene.${format}`, url: '', format, bytes, runId: null })
const checkScene = (bytes: Uint8Array, of: SceneRef) => check(endsOf(bytes), of)
const text = (value: string) => Uint8Array.from(value, (one) => one.charCodeAt(0))
const zip = text(`PK\u0003\u0004 a file PK\u0005\u0006${'\0'.repeat(18)}`)
const header = 'ply\nformat binary_little_endian 1.0\nelement vertex 2\nproperty float x\nproperty uchar red\nend_header\n'
/** A PLY that promises two rows of five bytes and holds `rows`. */
const ply = (rows: number) => text(header + '\0'.repeat(rows * 5))

test('a whole file of its kind passes', () => {
  expect(checkScene(text('ply\nformat'), scene('ply'))).toBeNull()
  expect(checkScene(zip, scene('sog', zip.length))).toBeNull()
  expect(checkScene(ply(2), scene('ply'))).toBeNull()
  expect(checkScene(new Uint8Array(64), scene('splat'))).toBeNull()
})

test('a cut-off file says how many bytes are missing', () => {
  expect(checkScene(text('PK..'), scene('sog', 11_400_000))).toMatchObject({
    code: 'scene/truncated',
    what: 'scene.sog is cut off: 4 of 11,400,000 bytes are there.',
  })
})

test('a file from disk that is cut off tells it by its own header or end', () => {
  expect(checkScene(ply(1), scene('ply'))?.what).toBe(
    `scene.ply is cut off: ${header.length + 5} of ${header.length + 10} bytes are there.`,
  )
  expect(checkScene(zip.subarray(0, 12), scene('sog'))?.code).toBe('scene/truncated')
  // A header that this page cannot measure is left to the decoder.
  expect(checkScene(text('ply\nformat ascii 1.0\nend_header\n'), scene('ply'))).toBeNull()
})

test('SPZ version 4 is told apart from rubbish', () => {
  expect(checkScene(text('NGSP....'), scene('spz'))?.what).toContain('version 4')
  expect(checkScene(text('hello'), scene('spz'))?.what).not.toContain('version 4')
  expect(checkScene(new Uint8Array(33), scene('splat'))?.code).toBe('scene/format')
})
