import { expect, test } from 'vitest'
import { lengthOf } from './ruler.ts'

test('a length needs two ends', () => {
  expect([
    lengthOf([]),
    lengthOf([[1, 2, 3]]),
    lengthOf([
      [1, 2, 3],
      [1, 5, 7],
    ]),
  ]).toEqual([null, null, 5])
})
