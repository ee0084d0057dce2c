import { join } from 'node:path'
import { expect, test } from 'vitest'
import { licences } from './licences.ts'

test('every package that is shipped states its licence, and no tool of ours is among them', () => {
  const all = licences(join(import.meta.dirname, '..'))
  expect(all.filter((one) => one.licence === null || one.version === '')).toEqual([])
  const names = all.map((one) => one.name)
  expect(names).toEqual(expect.arrayContaining(['react', 'three', '@sparkjsdev/spark', 'sharp', 'pycolmap', 'numpy', 'pillow']))
  expect(names).not.toContain('vitest')
  expect(names).not.toContain('pytest')
  expect(new Set(all.map((one) => `${one.name} ${one.version}`)).size).toBe(all.length)
})
