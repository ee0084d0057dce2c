import { expect, test } from 'vitest'
import type { SceneRef } from '../../../core/scene/scene.ts'
import { fileNameFor } from './file-name.ts'

const scene = (format: SceneRef['format']): SceneRef => ({ name: `scene.${format}`, url: '', format, bytes: 0, runId: null })

test('the decoder learns the format from the name even when the file has another', () => {
  expect(fileNameFor({ ...scene('compressed.ply'), name: 'guitar.compressed.ply' })).toBe('guitar.compressed.ply')
  expect(fileNameFor({ ...scene('ply'), name: 'checkpoint-500' })).toBe('scene.ply')
})
