import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadNative, type Native, type Rehearsal } from '../engine/intake/native.ts'

const root = join(import.meta.dirname, '..')
const built = existsSync(join(root, '.cache', 'native', 'current'))

// A made-up place: 300 points in a box 8 to 14 m away, seen by pinhole cameras of 700 px focal length, 800 x 600.
const FOCAL = 700
const POINTS = Array.from({ length: 300 }, (_, i) => [noise(i, 1) * 8, noise(i, 2) * 6, 11 + noise(i, 3) * 6] as const)

type Seen = { readonly blob: Buffer; readonly of: readonly number[] }

describe.skipIf(!built)('the rehearsal (needs the built addon)', () => {
  const native = built ? loadNative(root) : (null as unknown as Native)

  test('cameras that walk around the middle are placed where they stood, up to scale', () => {
    const centres = Array.from({ length: 6 }, (_, k): [number, number, number] => [-2.5 + k, 0.1 * (k % 2), 0.2 * k])
    const { group, pose, reprojectionPx } = run(
      native,
      centres.map((centre) => look(centre, -centre[0] / 11)),
    )
    expect([...group]).toEqual(Array(6).fill(0))
    expect(reprojectionPx).toBeLessThan(0.3)
    // Distances between neighbours, over the first, whatever the unit.
    const placed = centres.map((_, k) => [...pose.subarray(7 * k, 7 * k + 3)])
    const steps = (list: readonly (readonly number[])[]): number[] =>
      list.slice(1).map((c, k) => Math.hypot(...c.map((v, d) => v - list[k]![d]!)))
    const [truth, found] = [steps(centres), steps(placed)]
    for (const [k, step] of found.entries()) expect(step / found[0]!).toBeCloseTo(truth[k]! / truth[0]!, 1)
    expect(pose[6]! / FOCAL).toBeCloseTo(1, 1)
  })

  test('a camera that turns on the spot gives no model', () => {
    const { group } = run(
      native,
      Array.from({ length: 6 }, (_, k) => look([0, 0, 0], -0.15 + 0.06 * k)),
    )
    expect([...group].filter((g) => g >= 0)).toEqual([])
  })

  test('a camera that flies straight ahead gives no model', () => {
    const { group } = run(
      native,
      Array.from({ length: 6 }, (_, k) => look([0, 0, 0.3 * k], 0)),
    )
    expect([...group].filter((g) => g >= 0)).toEqual([])
  })

  test('two places are two groups, the larger first', () => {
    const here = Array.from({ length: 5 }, (_, k) => look([-2 + k, 0, 0], 0))
    const there = Array.from({ length: 3 }, (_, k) => look([-1 + k, 0.5, 0], 0))
    const { group } = run(native, [...here, ...there], (i, j) => i < 5 === j < 5)
    expect([...group]).toEqual([0, 0, 0, 0, 0, 1, 1, 1])
  })

  test('a photo that two places share counts for the place that is larger with it, whichever was built first', () => {
    const here = Array.from({ length: 4 }, (_, k) => look([-2 + k, 0, 0], 0))
    const there = Array.from({ length: 5 }, (_, k) => look([-2 + k, 0.5, 0], 0))
    // Photo 4 has even points in common with the first four and odd ones with the last five, so that no point is seen by both sides.
    const shared = (i: number, j: number, point: number): boolean => {
      if (i === 4 || j === 4) return Math.max(i, j) === 4 ? point % 2 === 0 : point % 2 === 1
      return i < 4 === j < 4 && (i < 4 || point % 3 > 0)
    }
    const { group } = run(native, [...here, look([0.3, 0.2, 0], 0), ...there], shared)
    expect([...group]).toEqual([1, 1, 1, 1, 0, 0, 0, 0, 0, 0])
  })

  test('places without descriptors are enough', () => {
    const photos = Array.from({ length: 4 }, (_, k) => look([k, 0, 0], 0))
    const bare = photos.map(({ blob, of }) => ({ blob: blob.subarray(0, 32 + 16 * of.length), of }))
    expect(run(native, bare).pose).toEqual(run(native, photos).pose)
  })

  test('a run whose flag is set from outside ends with an error', () => {
    const stop = new Int32Array(new SharedArrayBuffer(4)).fill(1)
    const photos = Array.from({ length: 4 }, (_, k) => look([k, 0, 0], 0))
    expect(() => run(native, photos, () => true, { stop })).toThrow('stopped')
  })

  test('the same seed gives the same reconstruction', () => {
    const photos = Array.from({ length: 4 }, (_, k) => look([k, 0, 0], 0))
    expect(run(native, photos).pose).toEqual(run(native, photos).pose)
  })
})

function run(
  native: Native,
  photos: readonly Seen[],
  together: (i: number, j: number, point: number) => boolean = () => true,
  more: { readonly stop?: Int32Array } = {},
): Rehearsal {
  const pairs = photos.flatMap((a, i) =>
    photos.slice(i + 1).flatMap((b, k) => {
      const j = i + 1 + k
      const at = new Map(b.of.map((point, feature) => [point, feature]))
      const matches = a.of.flatMap((point, feature) => (at.has(point) && together(i, j, point) ? [feature, at.get(point)!] : []))
      return matches.length > 0 ? [{ a: i, b: j, matches: Int32Array.from(matches) }] : []
    }),
  )
  return native.rehearse(
    photos.map(({ blob }) => ({ blob, focalPx: FOCAL * 1.1, camera: 0 })),
    pairs,
    { seed: 1, leastInliers: 15, dropped: 0, ...more },
  )
}

// What a camera at `centre` that is turned by `yaw` radians sees, with a third of a pixel of noise, as a blob (native/blob.h).
function look(centre: readonly [number, number, number], yaw: number): Seen {
  const seen = POINTS.flatMap(([x, y, z], i) => {
    const [dx, dy, dz] = [x - centre[0], y - centre[1], z - centre[2]]
    const [cx, cz] = [Math.cos(yaw) * dx - Math.sin(yaw) * dz, Math.sin(yaw) * dx + Math.cos(yaw) * dz]
    const [u, v] = [
      399.5 + (FOCAL * cx) / cz + noise(i, centre[0] * 7 + yaw * 31) * 0.3,
      299.5 + (FOCAL * dy) / cz + noise(i, centre[2] * 5 + yaw * 17 + 3) * 0.3,
    ]
    return cz > 1 && u > 0 && v > 0 && u < 799 && v < 599 ? [{ i, u, v }] : []
  })
  const blob = Buffer.alloc(32 + seen.length * (16 + 128))
  blob.write('SPF1', 'latin1')
  for (const [k, value] of [seen.length, 800, 600].entries()) blob.writeUInt32LE(value, 4 + 4 * k)
  for (const [k, { u, v }] of seen.entries()) {
    blob.writeFloatLE(u, 32 + 16 * k)
    blob.writeFloatLE(v, 36 + 16 * k)
  }
  return { blob, of: seen.map(({ i }) => i) }
}

// -0.5..0.5, the same for the same numbers.
function noise(i: number, salt: number): number {
  const x = Math.sin(i * 12.9898 + salt * 78.233) * 43758.5453
  return x - Math.floor(x) - 0.5
}
