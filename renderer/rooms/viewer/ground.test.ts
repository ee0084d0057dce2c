import { Quaternion, Vector3 } from 'three'
import { expect, test } from 'vitest'
import { groundUp } from './ground.ts'

const ball = { centre: new Vector3(), radius: 20 }
// A golden-ratio walk: even, and the same each time.
const spread = (at: number, by: number) => (((at * by) % 1) - 0.5) * 20

/** A yard of 20 by 20 with a few sheds of height 3, turned by `turn`. */
function yard(turn: Quaternion): Vector3[] {
  return Array.from({ length: 900 }, (_, at) =>
    new Vector3(spread(at, 0.618), spread(at, 0.7549), at % 9 === 0 ? 3 * ((at * 0.37) % 1) : 0).applyQuaternion(turn),
  )
}

test('up of a flat place is away from its ground, however it lies', () => {
  for (const turn of [new Quaternion(), new Quaternion(1, 0, 0, 0), new Quaternion(0.5, 0.5, 0.5, 0.5)]) {
    const up = groundUp(yard(turn), ball)
    expect(up?.dot(new Vector3(0, 0, 1).applyQuaternion(turn))).toBeGreaterThan(0.99)
  }
})

test('a round thing has no ground', () => {
  const ballOfPoints = Array.from({ length: 900 }, (_, at) => new Vector3(spread(at, 0.618), spread(at, 0.7549), spread(at, 0.5698)))
  expect(groundUp(ballOfPoints, ball)).toBeNull()
})

test('fewer than three points tell nothing', () => {
  expect(groundUp([new Vector3()], ball)).toBeNull()
})
