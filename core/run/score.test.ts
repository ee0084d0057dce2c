import { expect, test } from 'vitest'
import { type Measurements, score } from './score.ts'

const nothing: Measurements = {
  registered: null,
  reprojectionPx: null,
  reprojectionLimitPx: null,
  coverage: null,
  gpsResidualM: null,
  gpsLimitM: null,
  gpsUsed: false,
  gpsWhy: null,
  psnr: null,
  explained: null,
  ssim: null,
  artefacts: null,
}
const perfect: Measurements = {
  registered: { photos: 26, of: 26 },
  reprojectionPx: 0,
  reprojectionLimitPx: 4,
  coverage: 1,
  gpsResidualM: 0,
  gpsLimitM: 2,
  gpsUsed: true,
  gpsWhy: null,
  psnr: 100,
  explained: 1,
  ssim: 1,
  artefacts: { readable: 2, of: 2 },
}

test('nothing measured is no score, and every part says why', () => {
  const { score: value, parts } = score(nothing)
  expect(value).toBeNull()
  expect(parts.map((part) => [part.value, part.points, part.why !== null])).toEqual(parts.map(() => [null, null, true]))
})

test('the score is the plain mean of the points, each the place of its value on its stated scale', () => {
  const { score: value, parts } = score({
    ...perfect,
    registered: { photos: 13, of: 26 },
    reprojectionPx: 1,
    coverage: 0.8,
    gpsResidualM: 0.5,
    explained: 0.9,
    ssim: 0.875,
  })
  const points = parts.map((part) => part.points ?? Number.NaN)
  expect(points).toEqual([50, 75, 80, 75, 90, 87.5, 100])
  expect(value).toBe(Math.round(points.reduce((sum, one) => sum + one, 0) / points.length))
  expect(score(perfect).score).toBe(100)
})

test('a part that was not measured does not change the score of the rest', () => {
  const { score: value, parts } = score({ ...perfect, gpsResidualM: null, gpsWhy: 'GPS scatters by 13 m.' })
  expect(value).toBe(100)
  expect(parts.find((part) => part.name === 'GPS residual')).toMatchObject({
    value: null,
    points: null,
    why: 'GPS scatters by 13 m.',
    source: 'sfm/report.json',
  })
})

test('the residual of a GPS that was refused is shown, says why it is not scored, and changes nothing', () => {
  const { score: value, parts } = score({ ...perfect, gpsResidualM: 17.4, gpsUsed: false, gpsWhy: 'GPS was not used: it disagrees.' })
  expect(value).toBe(100)
  expect(parts.find((part) => part.name === 'GPS residual')).toMatchObject({
    value: 17.4,
    points: null,
    why: 'GPS was not used: it disagrees.',
  })
})

test('a value whose scale was not measured is shown without points', () => {
  const { parts } = score({ ...perfect, explained: null })
  expect(parts.find((part) => part.name === 'held-out PSNR')).toMatchObject({ value: 100, points: null, why: null })
})

test('each part names the file that it came from and its scale, and a worse measurement never scores more', () => {
  for (const part of score(perfect).parts) {
    expect(part.source).toMatch(/^(sfm\/report|3dgs\/metrics|compression\/outcome)\.json$/)
    expect(part.scale).toMatch(/\b0: .*100: |\b100: .*0: /)
  }
  const worse: Measurements[] = [
    { ...perfect, registered: { photos: 20, of: 26 } },
    { ...perfect, reprojectionPx: 1.2 },
    { ...perfect, coverage: 0.5 },
    { ...perfect, gpsResidualM: 1 },
    { ...perfect, explained: 0.5 },
    { ...perfect, ssim: 0.7 },
    { ...perfect, artefacts: { readable: 1, of: 2 } },
  ]
  for (const one of worse) expect(score(one).score).toBeLessThan(100)
  const worst = { registered: { photos: 0, of: 26 }, coverage: 0, explained: -2, ssim: -0.1, reprojectionPx: 9, gpsResidualM: 99 }
  expect(score({ ...perfect, ...worst, artefacts: { readable: 0, of: 2 } }).score).toBe(0)
})
