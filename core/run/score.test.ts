import { expect, test } from 'vitest'
import { type Measurements, score } from './score.ts'

const nothing: Measurements = {
  registered: null,
  reprojectionPx: null,
  gpsResidualM: null,
  gpsWhy: null,
  psnr: null,
  ssim: null,
  heldOut: null,
  artefacts: null,
}
const good: Measurements = {
  registered: { photos: 26, of: 26 },
  reprojectionPx: 0.5,
  gpsResidualM: 1,
  gpsWhy: null,
  psnr: 32,
  ssim: 0.95,
  heldOut: 4,
  artefacts: { readable: 2, of: 2 },
}

test('nothing measured is no score, and every part says why', () => {
  const { score: value, parts } = score(nothing)
  expect(value).toBeNull()
  expect(parts.map((part) => [part.value, part.points, part.why !== null])).toEqual(parts.map(() => [null, null, true]))
})

test('all of it at its best is 100, and the points add up to it', () => {
  const { score: value, parts } = score(good)
  expect(value).toBe(100)
  expect(parts.reduce((sum, part) => sum + (part.points ?? 0), 0)).toBeCloseTo(100)
})

test('a part that was not measured does not change the score of the rest', () => {
  const { score: value, parts } = score({ ...good, gpsResidualM: null, gpsWhy: 'GPS scatters by 13 m.' })
  expect(value).toBe(100)
  expect(parts.find((part) => part.name === 'GPS residual')).toMatchObject({
    value: null,
    why: 'GPS scatters by 13 m.',
    source: 'sfm/report.json',
  })
})

test('each part names the file that it came from, and a worse measurement never scores more', () => {
  for (const part of score(good).parts) expect(part.source).toMatch(/^(sfm\/report|3dgs\/metrics|compression\/outcome)\.json$/)
  const worse: Measurements[] = [
    { ...good, registered: { photos: 20, of: 26 } },
    { ...good, reprojectionPx: 1.2 },
    { ...good, gpsResidualM: 5 },
    { ...good, psnr: 22 },
    { ...good, ssim: 0.7 },
    { ...good, artefacts: { readable: 1, of: 2 } },
  ]
  for (const one of worse) expect(score(one).score).toBeLessThan(100)
  expect(
    score({
      ...good,
      registered: { photos: 0, of: 26 },
      psnr: 3,
      ssim: 0,
      reprojectionPx: 9,
      gpsResidualM: 99,
      artefacts: { readable: 0, of: 2 },
    }).score,
  ).toBe(0)
})
