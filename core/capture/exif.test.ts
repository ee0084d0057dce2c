import { expect, test } from 'vitest'
import { headerFacts, number, takenAt } from './exif.ts'
import type { RawTags, Tags } from './exif.ts'

const size = { widthPx: 1600, heightPx: 1200 }
const facts = (groups: Partial<Record<keyof RawTags, Tags>>, of = size) =>
  headerFacts({ tiff: {}, exif: {}, gps: {}, xmp: {}, ...groups }, of)

test('times stay as the camera wrote them; zones are kept apart; unset clocks are absent', () => {
  const { takenAt: at, offset } = facts({ exif: { DateTimeOriginal: '2017:05:01 10:20:30', OffsetTimeOriginal: '+09:00' } })
  expect([at, offset]).toEqual(['2017-05-01T10:20:30', '+09:00'])
  expect(takenAt('0000:00:00 00:00:00')).toBeNull()
  expect(takenAt('    :  :     :  :  ')).toBeNull()
  expect(takenAt('yesterday')).toBeNull()
  expect(takenAt('2017:13:41 10:20:30')).toBe('2017-13-41T10:20:30')
})

test('positions take their hemisphere and their side of the sea from the references', () => {
  const gps = {
    GPSLatitude: [33, 51, 36],
    GPSLatitudeRef: 'S',
    GPSLongitude: [151, 12, 36],
    GPSLongitudeRef: 'E',
    GPSAltitude: 12.5,
    GPSAltitudeRef: new Uint8Array([1]),
  }
  expect(facts({ gps }).gps).toEqual({ lat: expect.closeTo(-33.86, 9), lon: expect.closeTo(151.21, 9), altM: -12.5 })
})

test.each([
  ['no numbers', { GPSLatitude: [], GPSLongitude: [] }],
  ['NaN', { GPSLatitude: [NaN, 0, 0], GPSLongitude: [0, 0, 0] }],
  [
    'zero by zero',
    {
      GPSLatitude: [
        [0, 0],
        [0, 0],
        [0, 0],
      ],
      GPSLongitude: [
        [0, 0],
        [0, 0],
        [0, 0],
      ],
    },
  ],
  ['off the globe', { GPSLatitude: [94, 0, 0], GPSLongitude: [10, 0, 0] }],
  ['a receiver without a fix', { GPSLatitude: [50, 0, 0], GPSLongitude: [10, 0, 0], GPSStatus: 'V' }],
])('a position made of %s is no position', (_, gps) => {
  expect(facts({ gps }).gps).toBeNull()
})

test('a drone’s attitude and height are numbers, signs and all', () => {
  const { gimbal, relativeAltM } = facts({
    xmp: { GimbalPitchDegree: '-89.90', GimbalYawDegree: '+45.0', GimbalRollDegree: 0, RelativeAltitude: '+39.80' },
  })
  expect([gimbal, relativeAltM]).toEqual([{ pitchDeg: -89.9, yawDeg: 45, rollDeg: 0 }, 39.8])
})

test.each([
  ['35/10', 3.5],
  ['+12.5', 12.5],
  [[57, 10], 5.7],
  [['7'], 7],
  ['abc', null],
  [[1, 0], null],
  [Infinity, null],
  [undefined, null],
  [{}, null],
])('%o reads as %o', (value, wanted) => {
  expect(number(value)).toBe(wanted)
})

test('the maker is not said twice, and control characters are not said at all', () => {
  expect(facts({ tiff: { Make: 'Canon', Model: 'Canon PowerShot SX260 HS' } }).camera).toBe('Canon PowerShot SX260 HS')
  expect(facts({ tiff: { Make: 'DJI', Model: 'FC300S\0\0' } }).camera).toBe('DJI FC300S')
  expect(facts({}).camera).toBeNull()
})

test('an orientation outside 1 to 8 is upright', () => {
  expect([0, 9, 'x', 6].map((Orientation) => facts({ tiff: { Orientation } }).orientation)).toEqual([1, 1, 1, 6])
})

test('focal length in pixels is for the stored size, whatever the header says of the original', () => {
  // Canon SX260 HS: 4.5 mm on a plane of 16393 px an inch, 4000 px wide; stored at 1600 px.
  const plane = {
    FocalLength: 4.5,
    FocalPlaneXResolution: 16393.44,
    FocalPlaneResolutionUnit: 2,
    ExifImageWidth: 4000,
    ExifImageHeight: 3000,
  }
  expect(facts({ exif: plane }).focalPx).toBeCloseTo(1161.7, 0)
  expect(facts({ exif: { FocalLength: 4.5 }, tiff: { Make: 'Canon', Model: 'Canon PowerShot SX260 HS' } }).focalPx).toBeCloseTo(1167, 0)
  expect(facts({ exif: { FocalLength: 4.5 } }).focalPx).toBeNull()
  // 35 mm equivalents are by the diagonal: 28 mm on 1600 x 1200.
  expect(facts({ exif: { FocalLength: 3.99, FocalLengthIn35mmFormat: 28 } }).focalPx).toBeCloseTo((28 / 43.27) * 2000, 0)
  // 16:9 is cut out of the sensor that the equivalent is meant for.
  expect(facts({ exif: { FocalLengthIn35mmFormat: 20 } }, { widthPx: 1600, heightPx: 900 }).focalPx).toBeCloseTo((20 / 43.27) * 2000, 0)
})

test('an absurd focal plane is not believed', () => {
  const absurd = { FocalLength: 4.5, FocalPlaneXResolution: 3, FocalPlaneResolutionUnit: 2, ExifImageWidth: 4000, ExifImageHeight: 3000 }
  expect(facts({ exif: absurd }).focalPx).toBeNull()
  expect(facts({ exif: { FocalLength: 0 } }).focalMm).toBeNull()
})
