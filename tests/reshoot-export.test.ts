// @vitest-environment jsdom
import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import type { Captured } from '../core/overlap/captured.ts'
import { planReshoot } from '../core/overlap/reshoot.ts'
import { toCsv } from '../core/overlap/reshoot-csv.ts'
import { toGpx } from '../core/overlap/reshoot-gpx.ts'
import { toKml } from '../core/overlap/reshoot-kml.ts'
import { aSurvey, holding } from '../core/overlap/survey-fixture.ts'

const hostile = 'a/<b> & "c", \'d\'\u0001.JPG'
const photos = aSurvey(2, 14, (_, place) => place >= 5 && place <= 8).map((photo, i) => (i === 4 ? { ...photo, file: hostile } : photo))
const files = photos.map(({ file }) => file)
const south = [...files.slice(0, 5), ...files.slice(15)]
const north = files.slice(5, 15)
const captured: Captured = { photos, findings: [], forecast: holding(photos, [south, north]) }
const plan = planReshoot(captured)
const unplaced = planReshoot({ ...captured, photos: photos.map((photo) => ({ ...photo, gps: null, gimbal: null, relativeAltM: null })) })

/** A real XML parser: throws where the text is not well-formed. */
function parse(xml: string): Document {
  const document = new DOMParser().parseFromString(xml, 'application/xml')
  if (document.querySelector('parsererror')) throw new Error(document.documentElement.textContent ?? '')
  return document
}

const childrenOf = (element: Element): string[] => [...element.children].map(({ localName }) => localName)
/** Whether names come in the order of a schema's sequence. */
const inOrder = (names: readonly string[], sequence: readonly string[]) => {
  const at = names.map((name) => sequence.indexOf(name))
  return at.every((place, i) => place >= 0 && (i === 0 || place >= at[i - 1]!))
}
const all = (document: Document, name: string): Element[] => [...document.getElementsByTagName(name)]
const text = (element: Element, name: string): string => element.getElementsByTagName(name)[0]?.textContent ?? ''

test('the plan that is written out has positions with every number', () => {
  expect(plan.positions.length).toBeGreaterThan(6)
  expect(unplaced.positions.length).toBeGreaterThan(1)
})

describe('KML', () => {
  const document = parse(toKml(plan, 'Quarry <1> & more'))
  const marks = all(document, 'Placemark')

  test('is KML 2.2, its elements in the order of the schema (ogckml22.xsd)', () => {
    expect(document.documentElement.localName).toBe('kml')
    expect(document.documentElement.namespaceURI).toBe('http://www.opengis.net/kml/2.2')
    expect(childrenOf(document.documentElement)).toEqual(['Document'])
    const feature = ['name', 'description', 'Camera', 'ExtendedData', 'Placemark']
    expect(inOrder(childrenOf(document.documentElement.children[0]!), feature)).toBe(true)
    for (const mark of marks) {
      expect(inOrder(childrenOf(mark), ['name', 'description', 'Camera', 'ExtendedData', 'Point'])).toBe(true)
      expect(childrenOf(mark.getElementsByTagName('Point')[0]!)).toEqual(['altitudeMode', 'coordinates'])
      const camera = childrenOf(mark.getElementsByTagName('Camera')[0]!)
      expect(inOrder(camera, ['longitude', 'latitude', 'altitude', 'heading', 'tilt', 'roll', 'altitudeMode'])).toBe(true)
    }
  })

  test('count, coordinates, heights and directions are those of the list', () => {
    expect(marks).toHaveLength(plan.positions.length)
    for (const [i, mark] of marks.entries()) {
      const position = plan.positions[i]!
      const [lon, lat, alt] = text(mark, 'coordinates').split(',').map(Number) as [number, number, number]
      expect(Math.abs(lon - position.at!.lon)).toBeLessThan(1e-8)
      expect(Math.abs(lat - position.at!.lat)).toBeLessThan(1e-8)
      expect(alt).toBeCloseTo(position.altM!, 2)
      expect(Number(text(mark, 'tilt'))).toBeCloseTo(90 + position.pitchDeg!, 1)
      expect(Number(text(mark, 'heading'))).toBeCloseTo(position.headingDeg!, 1)
      expect(text(mark, 'name')).toMatch(new RegExp(`^${i + 1} `))
    }
  })

  test('names of any kind survive, but for what XML forbids; positions without GPS are told in the description', () => {
    expect(text(marks[0]!, 'description')).toContain(hostile.replace('\u0001', '\ufffd'))
    const words = parse(toKml(unplaced, 'x'))
    expect(all(words, 'Placemark')).toEqual([])
    expect(text(words.documentElement, 'description')).toContain('two thirds of the way from')
    expect(
      text(
        parse(toKml({ positions: [], places: [], rule: '', accuracyM: null, holes: [], notes: [] }, 'x')).documentElement,
        'description',
      ),
    ).toContain('Nothing to re-shoot')
  })
})

describe('GPX', () => {
  const document = parse(toGpx(plan, 'Quarry <1> & more'))

  test('is GPX 1.1, its elements in the order of the schema (gpx.xsd)', () => {
    const root = document.documentElement
    expect([root.localName, root.namespaceURI, root.getAttribute('version')]).toEqual(['gpx', 'http://www.topografix.com/GPX/1/1', '1.1'])
    expect(root.getAttribute('creator')).toBe('Spaceport')
    expect(inOrder(childrenOf(root), ['metadata', 'wpt', 'rte', 'trk', 'extensions'])).toBe(true)
    for (const point of all(document, 'wpt'))
      expect(
        inOrder(childrenOf(point), ['ele', 'time', 'magvar', 'geoidheight', 'name', 'cmt', 'desc', 'src', 'link', 'sym', 'type']),
      ).toBe(true)
  })

  test('waypoints come in order, with the numbers of the list', () => {
    const points = all(document, 'wpt')
    expect(points).toHaveLength(plan.positions.length)
    for (const [i, point] of points.entries()) {
      const { at, altM } = plan.positions[i]!
      expect(Math.abs(Number(point.getAttribute('lat')) - at!.lat)).toBeLessThan(1e-8)
      expect(Math.abs(Number(point.getAttribute('lon')) - at!.lon)).toBeLessThan(1e-8)
      expect(Number(text(point, 'ele'))).toBeCloseTo(altM!, 2)
    }
  })
})

/** RFC 4180, the slow way. */
function readCsv(csv: string): string[][] {
  const rows: string[][] = [['']]
  let quoted = false
  for (let i = 0; i < csv.length; i++) {
    const row = rows.at(-1)!
    if (csv[i] === '"' && quoted && csv[i + 1] === '"') row[row.length - 1] += csv[i++]!
    else if (csv[i] === '"') quoted = !quoted
    else if (!quoted && csv[i] === ',') row.push('')
    else if (!quoted && csv[i] === '\n') rows.push([''])
    else if (quoted || csv[i] !== '\r') row[row.length - 1] += csv[i]!
  }
  return rows.slice(0, -1)
}

describe('CSV', () => {
  const [header, ...rows] = readCsv(toCsv(plan))
  const value = (row: string[], column: string): string => row[header!.indexOf(column)]!

  test('begins with Litchi’s columns, in its order, and every row has them all', () => {
    expect(header!.slice(0, 10).join()).toBe(
      'latitude,longitude,altitude(m),heading(deg),curvesize(m),rotationdir,gimbalmode,gimbalpitchangle,actiontype1,actionparam1',
    )
    expect(header!.indexOf('altitudemode')).toBe(38)
    for (const row of rows) expect(row).toHaveLength(header!.length)
  })

  test('a photo is taken at each position, at its height, heading and pitch', () => {
    expect(rows).toHaveLength(plan.positions.length)
    for (const [i, row] of rows.entries()) {
      const { at, aboveTakeoffM, headingDeg, pitchDeg, altM } = plan.positions[i]!
      expect(Math.abs(Number(value(row, 'latitude')) - at!.lat)).toBeLessThan(1e-8)
      expect(Math.abs(Number(value(row, 'longitude')) - at!.lon)).toBeLessThan(1e-8)
      expect(Number(value(row, 'altitude(m)'))).toBeCloseTo(aboveTakeoffM!, 2)
      expect(Number(value(row, 'altitude_gps(m)'))).toBeCloseTo(altM!, 2)
      expect(Number(value(row, 'heading(deg)'))).toBeCloseTo(headingDeg!, 1)
      expect(Number(value(row, 'gimbalpitchangle'))).toBeCloseTo(pitchDeg!, 1)
      expect(value(row, 'actiontype1')).toBe('1')
    }
    expect(value(rows[0]!, 'where')).toContain(hostile)
  })

  test('without GPS there is only the header', () => {
    expect(readCsv(toCsv(unplaced))).toHaveLength(1)
  })
})

const hasXmllint = spawnSync('xmllint', ['--version']).status === 0

test.skipIf(!hasXmllint)('xmllint reads KML and GPX without a word', () => {
  for (const xml of [toKml(plan, 'x'), toGpx(plan, 'x'), toKml(unplaced, 'x')]) {
    const { status, stderr } = spawnSync('xmllint', ['--noout', '-'], { input: xml, encoding: 'utf8' })
    expect([status, stderr]).toEqual([0, ''])
  }
})
