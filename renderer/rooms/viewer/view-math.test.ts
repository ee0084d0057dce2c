import { Vector3 } from 'three'
import { expect, test } from 'vitest'
import type { SceneCamera, SceneFacts } from '../../../core/scene/scene.ts'
import { ballOf, fovToContain, openingView, orientationOf, restingAhead } from './view-math.ts'

const camera: SceneCamera = {
  file: 'a.jpg',
  quaternion: [0, 0, 0, 1],
  centre: [5, 0, 20],
  fovYDeg: 40,
  aspect: 1.5,
  imageUrl: '',
  psnr: null,
}
const scene = { name: 's', url: '', format: 'ply', bytes: 1, runId: null } as const

test('the first view stands above the covered ground and looks at its middle', () => {
  const facts: SceneFacts = {
    scene,
    files: [],
    cameras: [camera],
    covered: { centre: [1, 2, 0], radius: 10, up: [0, 0, 1] },
    metric: true,
    report: null,
  }
  const view = openingView(facts, { centre: new Vector3(), radius: 1 }, 1.6)
  expect(view.target.toArray()).toEqual([1, 2, 0])
  expect(view.eye.z).toBeGreaterThan(8)
  expect(view.eye.x).toBeGreaterThan(1)
})

test("a COLMAP camera's +Z becomes three's view direction", () => {
  const forward = new Vector3(0, 0, -1).applyQuaternion(orientationOf(camera))
  expect(forward.toArray().map((one) => Math.round(one))).toEqual([0, 0, 1])
  const up = new Vector3(0, 1, 0).applyQuaternion(orientationOf(camera))
  expect(Math.round(up.y)).toBe(-1)
})

test('a wide canvas keeps the height of the photo, a narrow one its width', () => {
  expect(fovToContain(camera, 2)).toBe(40)
  expect(Math.tan((fovToContain(camera, 0.75) * Math.PI) / 360)).toBeCloseTo(2 * Math.tan((40 * Math.PI) / 360), 6)
})

test('floaters do not widen the ball', () => {
  const points = Array.from({ length: 99 }, (_, at) => new Vector3(Math.sin(at), Math.cos(at), 0))
  expect(ballOf([...points, new Vector3(1000, 0, 0)]).radius).toBeLessThan(1.5)
})

test('after a photo taken straight down, its top stays the top', () => {
  const up = new Vector3(0, 0, 1)
  const ahead = restingAhead(new Vector3(0.01, 0, -1).normalize(), new Vector3(0, 1, 0), up)
  expect(ahead.y).toBeGreaterThan(0.04)
  expect(ahead.z).toBeLessThan(-0.99)
  const level = new Vector3(1, 0, 0)
  expect(restingAhead(level, up, up)).toEqual(level)
})
