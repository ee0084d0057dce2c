import { expect, test } from 'vitest'
import { type History, noHistory, recorded, redone, type Step, undone } from './undo-history.ts'

const named = (words: string): Step => ({ words, did: { kind: 'rename', name: words }, back: { kind: 'rename', name: 'before' } })
const of = (...words: readonly string[]): History => words.reduce((history, one) => recorded(history, named(one)), noHistory)

test('steps are undone newest first and redone in order', () => {
  const first = undone(of('a', 'b'))
  expect(first?.step.words).toBe('b')
  const second = undone(first?.history ?? noHistory)
  expect(second?.step.words).toBe('a')
  expect(undone(second?.history ?? noHistory)).toBeNull()
  const again = redone(second?.history ?? noHistory)
  expect(again?.step.words).toBe('a')
  expect(redone(again?.history ?? noHistory)?.history).toEqual(of('a', 'b'))
})

test('a new step ends what could be redone', () => {
  const back = undone(of('a', 'b'))?.history ?? noHistory
  expect(redone(recorded(back, named('c')))).toBeNull()
})

test('a hundred steps are remembered', () => {
  expect(of(...Array.from({ length: 130 }, (_, at) => String(at))).past.map((one) => one.words)).toEqual(
    Array.from({ length: 100 }, (_, at) => String(at + 30)),
  )
})
