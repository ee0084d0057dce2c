import { expect, test } from 'vitest'
import { leastRecentlyUsed } from './eviction.ts'

const thing = (name: string, bytes: number, usedAtMs: number) => ({ name, bytes, usedAtMs })
const all = [thing('new', 40, 3), thing('old', 30, 1), thing('shared', 0, 0), thing('middle', 30, 2)]
const names = (gone: readonly { readonly name: string }[]) => gone.map((one) => one.name)

test('the least recently used goes first, and no more than is over the limit', () => {
  expect(names(leastRecentlyUsed(all, () => false, 100))).toEqual([])
  expect(names(leastRecentlyUsed(all, () => false, 99))).toEqual(['old'])
  expect(names(leastRecentlyUsed(all, () => false, 60))).toEqual(['old', 'middle'])
})

test('what is needed stays, and what frees nothing too', () => {
  expect(names(leastRecentlyUsed(all, (one) => one.name === 'old', 0))).toEqual(['middle', 'new'])
})
