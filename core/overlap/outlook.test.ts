import { expect, test } from 'vitest'
import { outlookOf } from './outlook.ts'

test('between sure and hardly lies what COLMAP itself does now so and now so', () => {
  expect([1, 0.8, 0.79, 0.5, 0.21, 0.2, 0].map(outlookOf)).toEqual([
    'registers',
    'registers',
    'borderline',
    'borderline',
    'borderline',
    'lost',
    'lost',
  ])
})
