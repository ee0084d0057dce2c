import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { captureFolder } from './check-fixture.ts'
import { readHeader } from './header.ts'

const read = async (set: string, file: string, size = { widthPx: 1600, heightPx: 1200 }) =>
  readHeader(await readFile(join(captureFolder(set) as string, 'images', file)), 'jpeg', size)

describe.skipIf(!captureFolder('banana'))('headers of the shared captures', () => {
  test('a compact camera on a drone: position, focal length from the focal plane', async () => {
    expect(await read('caliterra-a', 'IMG_9354.jpg')).toMatchObject({
      camera: 'Canon PowerShot SX260 HS',
      focalMm: 4.5,
      focal35Mm: null,
      focalPx: expect.closeTo(1161.7, 0),
      takenAt: '2014-10-19T13:20:51',
      offset: null,
      exposureS: 0.001,
      iso: 100,
      gps: { lat: expect.closeTo(30.171223, 5), lon: expect.closeTo(-98.089992, 5), altM: 317.3 },
    })
  })

  test('a drone: gimbal and height above take-off from XMP', async () => {
    expect(await read('brighton-beach', 'DJI_0018.JPG', { widthPx: 1600, heightPx: 900 })).toMatchObject({
      camera: 'DJI FC300S',
      focal35Mm: 20,
      gimbal: { pitchDeg: -89.9, yawDeg: 45, rollDeg: 0 },
      relativeAltM: 39.8,
      gps: { lat: expect.closeTo(46.842607, 5), lon: expect.closeTo(-91.99456, 5), altM: 198.309 },
    })
  })

  test('a phone: lens, orientation, the receiver’s own error', async () => {
    expect(await read('monstree-12', 'IMG_1025.JPG')).toMatchObject({
      camera: 'Apple iPhone 7',
      orientation: 6,
      gpsErrorM: 6,
      headerWidthPx: 4032,
      whiteBalance: 'auto',
    })
  })
})

test.each(['jpeg', 'png', 'webp', 'tiff', 'heic'] as const)(
  'noise in place of a %s header is no header, and no failure',
  async (format) => {
    const noise = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) & 255))
    expect(await readHeader(noise, format, { widthPx: 800, heightPx: 600 })).toMatchObject({
      camera: null,
      takenAt: null,
      gps: null,
      orientation: 1,
    })
  },
)

test.each(['jpeg', 'png', 'webp', 'tiff'] as const)('EXIF of a %s is read', async (format) => {
  const exif = {
    IFD0: { Make: 'Acme', Model: 'X1' },
    IFD2: { DateTimeOriginal: '2021:02:03 04:05:06', FocalLengthIn35mmFilm: '24' },
    IFD3: { GPSLatitudeRef: 'S', GPSLatitude: '10/1 30/1 0/1', GPSLongitudeRef: 'E', GPSLongitude: '20/1 15/1 0/1' },
  }
  const bytes = await sharp({ create: { width: 400, height: 300, channels: 3, background: '#445566' } })
    .withExif(exif)
    .toFormat(format === 'tiff' ? 'jpeg' : format)
    .toBuffer()
  // sharp writes no EXIF into TIFF; the EXIF block of a JPEG, past its six bytes of name, is one.
  const file = format === 'tiff' ? ((await sharp(bytes).metadata()).exif as Buffer).subarray(6) : bytes
  expect(await readHeader(file, format, { widthPx: 400, heightPx: 300 })).toMatchObject({
    camera: 'Acme X1',
    takenAt: '2021-02-03T04:05:06',
    focal35Mm: 24,
    gps: { lat: -10.5, lon: 20.25, altM: null },
  })
})
