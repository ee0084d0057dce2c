import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { describe, expect, test } from 'vitest'
import { rawSharpness, sharpness } from '../../core/capture/sharpness.ts'
import { captureFolder } from './check-fixture.ts'

const photos = [
  ['caliterra-a', 'IMG_9354.jpg', 35],
  ['brighton-beach', 'DJI_0020.JPG', 0],
  ['monstree-12', 'IMG_1027.JPG', 60],
  ['sceaux-castle', '100_7103.JPG', 10],
  ['banana', 'DSC_0426.JPG', 120],
] as const
const measuredLongPx = 1024

/** A straight smear of `length` pixels as a convolution kernel, its points spread over four neighbours each. */
function smear(length: number, deg: number) {
  const side = length | 1
  const kernel = Array.from({ length: side * side }, () => 0)
  const [dx, dy] = [Math.cos((deg * Math.PI) / 180), Math.sin((deg * Math.PI) / 180)]
  for (let t = -length / 2; t <= length / 2; t += 0.05) {
    const x = Math.min(side - 1, Math.max(0, (side - 1) / 2 + t * dx))
    const y = Math.min(side - 1, Math.max(0, (side - 1) / 2 + t * dy))
    kernel[Math.round(y) * side + Math.round(x)] = (kernel[Math.round(y) * side + Math.round(x)] as number) + 1000
  }
  return { width: side, height: side, kernel }
}

// A fixed sequence, so that the test says the same every time.
function noisy(data: Buffer, sigma: number): Buffer {
  let seed = 1
  const next = () => ((seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff) >>> 8) / 0x7fffff
  return sigma === 0
    ? data
    : Buffer.from(data.map((value) => Math.max(0, Math.min(255, value + (next() + next() + next() - 1.5) * 2 * sigma))))
}

async function measured(base: Buffer, blur: (picture: Sharp) => Sharp, noise: number) {
  const { data, info } = await blur(sharp(base)).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  const jpeg = await sharp(noisy(data, noise), { raw: { width: info.width, height: info.height, channels: 3 } })
    .jpeg({ quality: 90 })
    .toBuffer()
  const small = await sharp(jpeg).resize(800, 800, { fit: 'inside' }).greyscale().raw().toBuffer({ resolveWithObject: true })
  const found = sharpness(small.data, small.info.width, small.info.height)
  if (!found) throw new Error('too small to judge')
  return { raw: rawSharpness(found.score), directionDeg: found.directionDeg }
}

describe.skipIf(!captureFolder('banana'))('blur ladders on real photos', () => {
  test.each(photos)('%s %s: each step is less sharp than the one before, at every noise', { timeout: 60_000 }, async (set, file, deg) => {
    const base = await sharp(join(captureFolder(set) as string, 'images', file))
      .resize(measuredLongPx, measuredLongPx, { fit: 'inside' })
      .png()
      .toBuffer()
    const sharpest = await measured(base, (picture) => picture, 0)
    for (const noise of [0, 10]) {
      const motion = await Promise.all(
        [2, 4, 8, 16, 32].map((length) => measured(base, (picture) => picture.convolve(smear(length, deg)), noise)),
      )
      const focus = await Promise.all([1, 2, 3, 4].map((sigma) => measured(base, (picture) => picture.blur(sigma), noise)))
      for (const ladder of [motion, focus])
        for (let i = 1; i < ladder.length; i++) expect(ladder[i]?.raw).toBeLessThan(ladder[i - 1]?.raw as number)
      // The trap: noise looks sharp to a Laplacian.
      expect(motion[3]?.raw).toBeLessThan(sharpest.raw - 2)
      if (noise === 0) expect(motion[2]?.directionDeg).not.toBeNull()
      expect(focus[0]?.directionDeg).toBeNull()
    }
  })
})
