import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { likeness, printOf } from '../../core/capture/print.ts'
import { greyOf } from '../../core/capture/exposure.ts'
import { captureFolder, checkAll, emptyFolder } from './check-fixture.ts'
import { objectFor } from './derive.ts'

const formats = captureFolder('formats')

async function uprightPrint(path: string) {
  const { data, info } = await sharp(path).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  return printOf(greyOf(data), info.width, info.height, 1)
}

test.skipIf(!formats)(
  'all eight orientations give one upright thumbnail, and HEIC is read with its header',
  { timeout: 120_000 },
  async () => {
    const home = await emptyFolder()
    const { check } = await checkAll(formats as string, home)
    expect(check.skipped).toEqual([])
    expect(check.photos.length).toBe(18)
    for (const kind of ['landscape', 'portrait']) {
      const photos = check.photos.filter(({ file }) => file.startsWith(kind))
      expect(photos.map(({ orientation }) => orientation)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
      const prints = await Promise.all(photos.map(({ sha256 }) => uprightPrint(join(home, 'thumbs', `${sha256}.jpg`))))
      for (const print of prints) expect(likeness(print, prints[0] as Uint8Array)).toBeGreaterThan(0.98)
      const thumb = await sharp(join(home, 'thumbs', `${photos[5]?.sha256}.jpg`)).metadata()
      expect(thumb.width > thumb.height).toBe(kind === 'landscape')
    }
    const phone = check.photos.find(({ file }) => file === 'iphone_13_pro_max.HEIC')
    expect(phone).toMatchObject({
      format: 'heic',
      widthPx: 3024,
      heightPx: 4032,
      orientation: 1,
      camera: 'Apple iPhone 13 Pro Max',
      focal35Mm: 26,
      takenAt: '2022-02-16T12:55:41',
      offset: '+01:00',
      iso: 250,
    })
    expect(check.photos.find(({ file }) => file.startsWith('HMD'))?.gps).toMatchObject({
      lat: expect.closeTo(40.66299, 4),
      lon: expect.closeTo(-3.76374, 4),
    })
  },
)

test.skipIf(!formats)('HEIC and WebP become full-size JPEGs once; JPEG goes as it is', { timeout: 120_000 }, async () => {
  const folder = await emptyFolder()
  const cache = await emptyFolder()
  await copyFile(join(formats as string, 'HMD_Nokia_8.3_5G_hdr.heif'), join(folder, 'a.heif'))
  await copyFile(join(formats as string, 'landscape_6.jpg'), join(folder, 'b.jpg'))
  await writeFile(join(folder, 'c.webp'), await sharp(join(folder, 'b.jpg')).webp().toBuffer())
  const { check } = await checkAll(folder, cache)
  const [heic, jpeg, webp] = await Promise.all(check.photos.map((photo) => objectFor(photo, folder, cache)))
  expect(jpeg).toEqual({ object: `${check.photos[1]?.sha256}.jpg`, file: join(folder, 'b.jpg') })
  for (const [made, photo] of [
    [heic, check.photos[0]],
    [webp, check.photos[2]],
  ] as const) {
    expect(made?.object).toMatch(/^[0-9a-f]{64}\.jpg$/)
    expect(await sharp(await readFile(made?.file as string)).metadata()).toMatchObject({
      format: 'jpeg',
      width: photo?.widthPx,
      height: photo?.heightPx,
    })
  }
  expect(await objectFor(check.photos[0] as never, folder, cache)).toEqual(heic)
})
