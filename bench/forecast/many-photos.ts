import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'

// Windows of the photo, as left, top, width, height in shares of it, and turns in degrees: neighbours overlap by a half and more, as photos of a flight do.
const WINDOWS = [0, 0.2, 0.4].flatMap((left) => [0, 0.2].flatMap((top) => [0, 90].map((turn) => ({ left, top, side: 0.6, turn }))))

/**
 * Makes `count` photos in `folder` from those of the captures by crops and quarter turns, twelve of each, in the order of the
 * captures. What is there already is kept. Returns the files.
 */
export async function makeMany(captures: string, folder: string, count: number): Promise<string[]> {
  mkdirSync(folder, { recursive: true })
  const originals = readdirSync(captures)
    .sort()
    .map((set) => join(captures, set, 'images'))
    .filter((images) => existsSync(images))
    .flatMap((images) =>
      readdirSync(images)
        .sort()
        .map((name) => join(images, name)),
    )
  const files = Array.from({ length: count }, (_, i) => join(folder, `${String(i).padStart(5, '0')}.jpg`))
  for (const [i, file] of files.entries()) {
    if (existsSync(file)) continue
    await crop(originals[Math.floor(i / WINDOWS.length) % originals.length]!, WINDOWS[i % WINDOWS.length]!, `${file}.part`)
    renameSync(`${file}.part`, file)
  }
  return files
}

// Sets and windows of the photos of 12 MP: each overlaps its neighbours as its original does.
const LARGE_SETS = ['caliterra-a', 'brighton-beach', 'banana']
const LARGE_WINDOWS = [
  [0, 0],
  [0.25, 0.2],
] as const
const LARGE_SIDE = 0.74

/** Makes up to `count` photos of 4000 x 3000 in `folder` by enlarging windows of the captures: as heavy to decode and as rich as a camera's. */
export async function makeLarge(captures: string, folder: string, count: number): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const originals = LARGE_SETS.map((set) => join(captures, set, 'images')).flatMap((images) =>
    readdirSync(images)
      .sort()
      .map((name) => join(images, name)),
  )
  const windows = LARGE_WINDOWS.flatMap((window) => originals.map((original) => ({ original, window }))).slice(0, count)
  for (const [i, { original, window }] of windows.entries()) {
    const file = join(folder, `${String(i).padStart(4, '0')}.jpg`)
    if (existsSync(file)) continue
    const { width, height } = await sharp(original).metadata()
    const [left, top] = [Math.round(window[0] * width), Math.round(window[1] * height)]
    await sharp(original)
      .extract({ left, top, width: Math.floor(LARGE_SIDE * width), height: Math.floor(LARGE_SIDE * height) })
      .resize(4000, 3000, { fit: 'fill' })
      .jpeg({ quality: 90 })
      .toFile(`${file}.part`)
    renameSync(`${file}.part`, file)
  }
}

async function crop(original: string, { left, top, side, turn }: (typeof WINDOWS)[number], file: string): Promise<void> {
  const { width, height } = await sharp(original).metadata()
  await sharp(original)
    .extract({
      left: Math.round(left * width),
      top: Math.round(top * height),
      width: Math.round(side * width),
      height: Math.round(side * height),
    })
    .rotate(turn)
    .jpeg({ quality: 92 })
    .toFile(file)
}
