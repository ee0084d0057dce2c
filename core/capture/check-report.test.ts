import { expect, test } from 'vitest'
import type { Forecast } from '../overlap/graph.ts'
import { planReshoot } from '../overlap/reshoot.ts'
import { toCheckHtml } from './check-html.ts'
import { toCheckJson } from './check-report.ts'
import type { Checked } from './checked.ts'
import { findingsOf } from './checks.ts'
import { freeze, Manifest } from './manifest.ts'
import { aFlight, aPhoto } from './photo-fixture.ts'
import { verdictOf } from './verdict.ts'

const hostileName = 'sub/<img src=x onerror=alert(1)> & "\'.jpg'
const evidence = aFlight(12, {
  0: { file: hostileName, camera: '</style><script>alert(2)</script>' },
  5: { gps: { lat: 0, lon: 0, altM: 0 } },
})
const files = evidence.map(({ photo }) => photo.file)
const islands = [files.slice(0, 8), files.slice(8)]
const forecast: Forecast = {
  pairs: [
    { a: files[0] as string, b: files[1] as string, probability: 0.97, inliers: 131 },
    { a: files[0] as string, b: files[9] as string, probability: 0.02, inliers: 1 },
  ],
  photos: files.map((file, n) => ({ file, island: n < 8 ? 0 : 1, registers: 0.98, links: 3 })),
  islands,
  bridges: [{ photos: [files[3] as string], between: [0, 2], sides: [files.slice(0, 3), files.slice(4, 8)] }],
  pairsTried: 66,
  pairsVerified: 20,
}
const findings = findingsOf(evidence, forecast, new Date('2020-01-01T00:00:00Z'))
const photos = evidence.map(({ photo }) => photo)
const skipped = [{ file: 'a<b>.txt', code: 'file/not-an-image', what: 'Its bytes are no picture.', remedy: 'Leave it out.' }]
const verdict = verdictOf({ photos, leftOut: [], findings, forecast, skipped: 1 })
const check: Checked = {
  folder: '/photos/"x" & <y>',
  tookMs: 5120,
  photos,
  skipped,
  findings,
  verdict,
  forecast,
  leftOut: [files[11] as string],
}

test('the JSON document has the published fields, and no others', () => {
  const json = toCheckJson(check)
  expect(Object.keys(json)).toEqual([
    'version',
    'folder',
    'tookMs',
    'verdict',
    'photos',
    'pairs',
    'islands',
    'bridges',
    'skipped',
    'findings',
  ])
  expect(Object.keys(json.photos[0] ?? {})).toEqual([
    'file',
    'sha256',
    'widthPx',
    'heightPx',
    'camera',
    'focalMm',
    'focal35Mm',
    'takenAt',
    'gps',
    'sharpness',
    'meanLuma',
    'clippedLow',
    'clippedHigh',
    'use',
    'registers',
    'island',
    'findings',
  ])
  expect(json.photos[5]).toMatchObject({ file: files[5], use: true, registers: 0.98, island: 0, findings: ['photo/gps-outlier'] })
  expect(json.photos[11]).toMatchObject({ use: false, island: 1 })
  expect(json.photos[0]?.file).toBe(hostileName)
  expect(json.bridges).toEqual([{ photos: [files[3]], between: [0, 2] }])
  expect(json.pairs[0]).toEqual({ a: files[0], b: files[1], probability: 0.97, inliers: 131 })
})

test('the page holds every name and sentence as text, and calls nothing', () => {
  const html = toCheckHtml(
    check,
    new Map([
      [photos[1]?.sha256 as string, 'data:image/jpeg;base64,AAAA'],
      [photos[2]?.sha256 as string, 'https://example.org/x.jpg'],
    ]),
  )
  expect(html).not.toMatch(/<img src=x|<script|onerror=alert\(1\)>/)
  expect(html).toContain('sub/&lt;img src=x onerror=alert(1)&gt; &amp; &quot;&#39;.jpg')
  expect(html.match(/ src="[^"]*"/g)).toEqual([' src="data:image/jpeg;base64,AAAA"'])
  expect(html).not.toMatch(/https?:\/\//)
  expect(html).toContain('8 of 12 photos should register')
})

test('the page carries the plan as a table and a map of cameras, links, groups and positions', () => {
  const html = toCheckHtml(check)
  const { positions } = planReshoot(check)
  expect(html).toContain(`<h2>Re-shoot plan, ${positions.length} positions</h2>`)
  expect(html.match(/class="waypoint"/g)?.length).toBe(positions.length)
  expect(html.match(/<circle class="(photo|bridge|out)"/g)?.length).toBe(11)
  expect(html.match(/class="island"/g)?.length).toBe(1)
  expect(html.match(/<path class="strong"/g)?.length).toBe(1)
  // Photos without any place on the earth: no map, and the page holds.
  const bare = { ...check, photos: photos.map((photo) => ({ ...photo, gps: null })) }
  expect(toCheckHtml(bare)).not.toContain('<svg')
  expect(toCheckHtml({ ...bare, forecast: null })).not.toContain('Re-shoot plan, ')
})

test('the plan names the bridge and the gap between the islands, and leaves out positions that are doubted', () => {
  const { positions } = planReshoot(check)
  const kinds = positions.map(({ kind }) => kind)
  expect(new Set(kinds)).toEqual(new Set(['gap', 'bridge']))
  // Between photo 7 and photo 8, in thirds: the way is short.
  expect(positions[0]).toMatchObject({
    near: [files[7], files[8]],
    words: `a third of the way from ${files[7]} to ${files[8]}, same height, same direction`,
  })
  expect(positions[0]?.at?.lat).toBeCloseTo(50.8 + 0.00009 * (7 + 1 / 3), 7)
  expect(positions.some(({ near }) => near.includes(files[5] as string))).toBe(false)
})

test('a manifest takes the pairs that are worth matching, and no position at 0, 0', () => {
  const objects = new Map(photos.map(({ file, sha256 }) => [file, `${sha256}.jpg`]))
  const frozen = freeze({
    captureId: 'c-abcdef',
    name: 'x',
    folder: '/x',
    createdAt: '2020-01-01T00:00:00Z',
    photos,
    leftOut: check.leftOut,
    findings,
    forecast,
    objects,
  })
  expect(Manifest.parse(frozen)).toEqual(frozen)
  expect(frozen.pairs).toEqual([[files[0], files[1]]])
  expect(frozen.photos[5]?.gps).toBeNull()
  expect(frozen.photos[6]?.gps).toEqual(photos[6]?.gps)
  expect(frozen.photos.map(({ use }) => use).lastIndexOf(false)).toBe(11)
  expect(
    freeze({
      captureId: 'c-abcdef',
      name: 'x',
      folder: '/x',
      createdAt: '2020-01-01T00:00:00Z',
      photos,
      leftOut: [],
      findings,
      forecast: null,
      objects,
    }).pairs,
  ).toBeNull()
  expect(aPhoto(1).file).toBe(files[1])
})
