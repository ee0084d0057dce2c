import { expect, test } from 'vitest'
import { fuzzyPick, fuzzyScore } from './fuzzy.ts'

const words = ['New capture', 'Run of this capture', 'Library', 'Leave out DJI_0042.JPG', 'DJI_0042.JPG', 'Settings: this machine']
const pick = (query: string) => fuzzyPick(query, words, (one) => one)

test('letters in order fit, others do not', () => {
  expect(fuzzyScore('lib', 'Library')).not.toBeNull()
  expect(fuzzyScore('bil', 'Library')).toBeNull()
})

test('a run of letters goes before scattered ones, a plain name before a sentence with it', () => {
  expect(pick('lib')[0]).toBe('Library')
  expect(pick('0042')[0]).toBe('DJI_0042.JPG')
})

test('starts of words are enough', () => {
  expect(pick('stm')[0]).toBe('Settings: this machine')
})

test('an empty query leaves all as they stand', () => {
  expect(pick(' ')).toEqual(words)
})
