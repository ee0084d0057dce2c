import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Captured } from '../core/overlap/captured.ts'
import { planReshoot } from '../core/overlap/reshoot.ts'
import { toGpx } from '../core/overlap/reshoot-gpx.ts'
import { toKml } from '../core/overlap/reshoot-kml.ts'
import { chosenPlan } from '../core/overlap/reshoot-kept.ts'
import { aSurvey, holding } from '../core/overlap/survey-fixture.ts'

// The schemas and their validator are packages for tests alone (tests/schemas.lock); set-up for tests brings them.
const root = join(import.meta.dirname, '..')
const schemas = join(root, '.cache', 'schemas')
const python = process.platform === 'win32' ? join(root, '.venv', 'Scripts', 'python.exe') : join(root, '.venv', 'bin', 'python')
const absent = !existsSync(join(schemas, 'xmlschema')) || !existsSync(python)

const scratch = mkdtempSync(join(tmpdir(), 'spaceport-schemas-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

type Written = { readonly kind: 'kml' | 'gpx'; readonly xml: string }

/** What the schemas have against each of the texts. */
function faultsOf(written: readonly Written[]): readonly (readonly string[])[] {
  const paths = written.map(({ kind, xml }, i) => {
    const path = join(scratch, `${i}.${kind}`)
    writeFileSync(path, xml)
    return path
  })
  const given = [join(import.meta.dirname, 'validate_schema.py'), schemas, ...paths]
  const { status, stdout, stderr } = spawnSync(python, given, { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as string[][]
}

const hostile = 'a/<b> & "c", \'d\'\u0001.JPG'
const photos = aSurvey(2, 14, (_, place) => place >= 5 && place <= 8).map((photo, i) => (i === 4 ? { ...photo, file: hostile } : photo))
const files = photos.map(({ file }) => file)
const captured: Captured = {
  photos,
  findings: [],
  forecast: holding(photos, [[...files.slice(0, 5), ...files.slice(15)], files.slice(5, 15)]),
}
const plan = planReshoot(captured)
const plans = {
  'a whole plan': plan,
  'one with positions left out': chosenPlan({ plan, without: [1, 3] }),
  'one without GPS': planReshoot({
    ...captured,
    photos: photos.map((photo) => ({ ...photo, gps: null, gimbal: null, relativeAltM: null })),
  }),
  'one without heights and directions': planReshoot({
    ...captured,
    photos: photos.map((photo) => ({ ...photo, gps: { ...photo.gps!, altM: null }, gimbal: null, relativeAltM: null })),
  }),
  'an empty one': { ...plan, positions: [], places: [], holes: [] },
}

test.skipIf(absent)(
  'plans are KML 2.2 by ogckml22.xsd (OGC 07-147r2) and GPX 1.1 by gpx.xsd, and what breaks an order or a range is refused',
  () => {
    const kml = toKml(plan, 'x')
    const broken: readonly Written[] = [
      { kind: 'kml', xml: kml.replace(/<name>Re-shoot plan<\/name>\n(<description>[^]*?<\/description>)/, '$1<name>x</name>') },
      { kind: 'kml', xml: kml.replace(/<tilt>[^<]*<\/tilt>/, '<tilt>181</tilt>') },
      { kind: 'gpx', xml: toGpx(plan, 'x').replace(/lat="[^"]*"/, 'lat="90.1"') },
    ]
    const good = Object.entries(plans).flatMap(([name, each]) => [
      { name, kind: 'kml' as const, xml: toKml(each, 'Quarry <1> & more') },
      { name, kind: 'gpx' as const, xml: toGpx(each, 'Quarry <1> & more') },
    ])
    const faults = faultsOf([...good, ...broken])
    expect(good.map(({ name, kind }, i) => [name, kind, faults[i]])).toEqual(good.map(({ name, kind }) => [name, kind, []]))
    expect(faults.slice(good.length)).toEqual([
      [expect.stringContaining('name')],
      [expect.stringMatching(/tilt: .*180/)],
      [expect.stringContaining('lat')],
    ])
  },
)
