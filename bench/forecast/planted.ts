// node bench/forecast/planted.ts [NAME ...]: islands, bridges and motion that the check names on the sets, clean and planted.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { overlap, type OverlapPhoto } from '../../engine/intake/overlap.ts'
import { cacheFolder, capturesFolders, native, noCost, photosOf, root } from './evidence.ts'
import { readSets } from './truth.ts'

const PLANTED = /~(bridge|unbridged|two|strays|thin|turn|forward|zoom)|^[^~]+$/

const wanted = process.argv.slice(2)
const engine = native()
mkdirSync(cacheFolder, { recursive: true })
console.log('set                                 photos usable  islands           bridges                       motion')
for (const set of capturesFolders.flatMap(readSets)) {
  if (wanted.length > 0 ? !wanted.includes(set.name) : !PLANTED.test(set.name)) continue
  const made = await photosOf(engine, set, noCost())
  const photos = await Promise.all(
    made.map(async ({ file, sha256 }): Promise<OverlapPhoto> => {
      const { width, height } = await sharp(join(set.folder, file)).metadata()
      return { file, sha256, widthPx: width, heightPx: height, focalPx: null, takenAt: null, gps: null }
    }),
  )
  for await (const event of overlap(photos, { cacheDir: cacheFolder, threads: 2, program: root }, new AbortController().signal)) {
    if (event.kind === 'pair') continue
    const { islands, bridges, motion } = event.forecast
    const usable = [...set.usable.values()].filter((share) => share > 0.5).length
    const named = bridges.map(({ photos: [bridge], sides }) => `${bridge} (${sides?.map((side) => side.length).join('|')})`).join(', ')
    console.log(
      `${set.name.padEnd(36)}${String(photos.length).padStart(6)}${String(usable).padStart(7)}  ${islands
        .map((island) => island.length)
        .join(' ')
        .padEnd(18)}${(named || '-').padEnd(30)}${motion ?? '-'}`,
    )
  }
}
