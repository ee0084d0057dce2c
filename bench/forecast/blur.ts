import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { rawSharpness, sharpness } from '../../core/capture/sharpness.ts'
import { benchSets } from './evidence.ts'
import type { Row } from './table.ts'

// The shared sets' photos, two a set, at the size that the facts' ladders were measured at.
const LONG_PX = 1024
const CHECK_PX = 800
const MOTION = [2, 4, 8, 16, 32]
const FOCUS = [1, 2, 4, 8]
const NOISE = [0, 5, 10]

// Blur of 1 and 2 px does not matter to structure from motion, and JPEG alone moves it.
const TRAP_PX = 16

/** Ladders of blur on photos of every shared set: how many steps are in order, and whether noise makes a smear look sharp. */
export async function blurRows(): Promise<Row[]> {
  let right = 0
  let steps = 0
  let trapped = 0
  let traps = 0
  for (const { folder, name } of benchSets().filter((set) => !set.name.includes('~'))) {
    const files = readdirSync(folder).sort()
    for (const [i, file] of [files[1]!, files[Math.floor(files.length / 2)]!].entries()) {
      const base = await sharp(join(folder, file)).resize(LONG_PX, LONG_PX, { fit: 'inside' }).removeAlpha().png().toBuffer()
      const ladders = await Promise.all(NOISE.map((noise) => laddersOf(base, 35 + 60 * i, noise)))
      const sharp0 = ladders[0]!.motion[0]!
      for (const { motion, focus } of ladders)
        for (const ladder of [motion, [motion[0]!, ...focus]])
          for (let k = 1; k < ladder.length; k++) {
            steps++
            right += Number(ladder[k]! < ladder[k - 1]!)
          }
      const smeared = ladders.at(-1)!.motion[1 + MOTION.indexOf(TRAP_PX)]!
      traps++
      trapped += Number(smeared < sharp0)
      console.log(
        `blur ${name} ${file}: ${ladders.map(({ motion, focus }) => `${motion.map((v) => v.toFixed(1)).join(' ')} | ${focus.map((v) => v.toFixed(1)).join(' ')}`).join('; ')}`,
      )
    }
  }
  console.log('')
  return [
    {
      what: `blur ladders, ${steps} steps in order`,
      must: '>= 98 %',
      figure: `${((100 * right) / steps).toFixed(1)} %`,
      reached: right >= 0.98 * steps,
    },
    {
      what: `a smear of ${TRAP_PX} px under noise below the sharp photo`,
      must: '100 %',
      figure: `${trapped} of ${traps}`,
      reached: trapped === traps,
    },
  ]
}

async function laddersOf(base: Buffer, deg: number, noise: number): Promise<{ motion: number[]; focus: number[] }> {
  const motion: number[] = [await measured(base, (picture) => picture, noise)]
  for (const length of MOTION) motion.push(await measured(base, (picture) => picture.convolve(smear(length, deg)), noise))
  const focus: number[] = []
  for (const sigma of FOCUS) focus.push(await measured(base, (picture) => picture.blur(sigma), noise))
  return { motion, focus }
}

async function measured(base: Buffer, blur: (picture: Sharp) => Sharp, noise: number): Promise<number> {
  const { data, info } = await blur(sharp(base)).raw().toBuffer({ resolveWithObject: true })
  const { width, height, channels } = info
  const jpeg = await sharp(noisy(data, noise), { raw: { width, height, channels } }).jpeg({ quality: 90 }).toBuffer()
  const small = await sharp(jpeg).resize(CHECK_PX, CHECK_PX, { fit: 'inside' }).greyscale().raw().toBuffer({ resolveWithObject: true })
  const found = sharpness(small.data, small.info.width, small.info.height)
  if (!found) throw new Error('too small to judge')
  return rawSharpness(found.score)
}

/** A straight smear as a convolution kernel. */
function smear(length: number, deg: number) {
  const side = length | 1
  const kernel = Array.from({ length: side * side }, () => 0)
  const [dx, dy] = [Math.cos((deg * Math.PI) / 180), Math.sin((deg * Math.PI) / 180)]
  for (let t = -length / 2; t <= length / 2; t += 0.05) {
    const x = Math.min(side - 1, Math.max(0, Math.round((side - 1) / 2 + t * dx)))
    const y = Math.min(side - 1, Math.max(0, Math.round((side - 1) / 2 + t * dy)))
    kernel[y * side + x]! += 1000
  }
  return { width: side, height: side, kernel }
}

// A fixed sequence, so that the bench says the same every time.
function noisy(data: Buffer, sigma: number): Buffer {
  if (sigma === 0) return data
  let seed = 1
  const next = (): number => ((seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff) >>> 8) / 0x7fffff
  return Buffer.from(data.map((value) => Math.max(0, Math.min(255, value + (next() + next() + next() - 1.5) * 2 * sigma))))
}
