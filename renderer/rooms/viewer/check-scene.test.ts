import { expect, test } from 'vitest'
import type { SceneRef } from '../../../core/contract.ts'
import { checkScene, fileNameFor } from './check-scene.ts'

const scene = (format: SceneRef['format'], bytes = 0): SceneRef => ({ name: `scene.${format}`, url: '', format, bytes, runId: null })
const text = (value: string) => new TextEncoder().encode(value)

test('a whole file of its kind passes', () => {
  expect(checkScene(text('ply\nformat'), scene('ply'))).toBeNull()
  expect(checkScene(text('PK..'), scene('sog', 4))).toBeNull()
  expect(checkScene(new Uint8Array(64), scene('splat'))).toBeNull()
})

test('a cut-off file says how many bytes are missing', () => {
  expect(checkScene(text('PK..'), scene('sog', 11_400_000))).toMatchObject({
    code: 'scene/truncated',
    what: 'scene.sog is cut off: 4 of 11,400,000 bytes are there.',
  })
})

test('SPZ version 4 is told apart from rubbish', () => {
  expect(checkScene(text('NGSP....'), scene('spz'))?.what).toContain('version 4')
  expect(checkScene(text('hello'), scene('spz'))?.what).not.toContain('version 4')
  expect(checkScene(new Uint8Array(33), scene('splat'))?.code).toBe('scene/format')
})

test('the decoder learns the format from the name even when the file has another', () => {
  expect(fileNameFor({ ...scene('compressed.ply'), name: 'guitar.compressed.ply' })).toBe('guitar.compressed.ply')
  expect(fileNameFor({ ...scene('ply'), name: 'checkpoint-500' })).toBe('scene.ply')
})
