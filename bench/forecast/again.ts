import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './evidence.ts'
import { checkIn } from './large.ts'
import { makeMany } from './many-photos.ts'
import type { Row } from './table.ts'

const PHOTOS = 1000

/** A whole check of 1,000 photos of different content, cold and once more, each in a process of its own. */
export async function againRows(): Promise<Row[]> {
  const folder = join(tmpdir(), 'spaceport-many', 'images')
  await makeMany(join(root, '..', 'shared', 'captures'), folder, PHOTOS)
  if (readdirSync(folder).length !== PHOTOS) throw new Error(`${folder} holds other files than the ${PHOTOS} photos`)
  const home = mkdtempSync(join(tmpdir(), 'spaceport-again-'))
  try {
    const cold = checkIn(folder, home)
    const again = checkIn(folder, home)
    return [
      {
        what: `${cold.photos} photos, cold, the whole check in one process`,
        must: '<= 3 min on two cores (360 CPU s)',
        figure: `${cold.cpuS.toFixed(1)} CPU s, ${cold.wallS.toFixed(1)} s; ${cold.peakMib ?? '-'} MiB`,
        reached: cold.cpuS <= 360,
      },
      {
        what: `second check of these ${again.photos}`,
        must: '< 2 s for 1,000 photos',
        figure: `${again.wallS.toFixed(2)} s, ${again.cpuS.toFixed(2)} CPU s, its process's start included`,
        reached: again.cpuS < 2,
      },
    ]
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}
