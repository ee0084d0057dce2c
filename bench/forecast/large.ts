import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CheckCost } from './check-cost.ts'
import { root } from './evidence.ts'
import { makeLarge } from './many-photos.ts'
import type { Row } from './table.ts'

const PHOTOS = 100

/** A whole check of photos of 12 MP in a process of its own, cold; seconds of the wall are given beside CPU, because other work on the machine stretches them. */
export async function largeRows(): Promise<Row[]> {
  const folder = join(tmpdir(), 'spaceport-many', 'large')
  await makeLarge(join(root, '..', 'shared', 'captures'), folder, PHOTOS)
  const home = mkdtempSync(join(tmpdir(), 'spaceport-large-'))
  try {
    const cold = checkIn(folder, home)
    const peak = cold.peakMib
    return [
      {
        what: `${cold.photos} photos of 12 MP, cold, to the verdict`,
        must: '<= 20 s on two cores (40 CPU s)',
        figure: `${cold.cpuS.toFixed(1)} CPU s, ${cold.wallS.toFixed(1)} s`,
        reached: cold.cpuS <= 40,
      },
      { what: 'their first thumbnail', must: '< 1 s', figure: `${cold.firstPhotoS.toFixed(2)} s`, reached: cold.firstPhotoS < 1 },
      {
        what: 'their memory at most',
        must: '< 500 MB',
        figure: `${peak ?? '-'} MiB`,
        reached: peak === null ? null : peak * 1.048576 < 500,
      },
    ]
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

/** One check of the folder in a process of its own, with its caches under `home`. */
export function checkIn(folder: string, home: string): CheckCost {
  const { stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, 'check-cost.ts'), folder, home], { encoding: 'utf8' })
  const last = stdout.trim().split('\n').at(-1)
  if (!last) throw new Error(`the check ended without a verdict: ${stderr}`)
  return JSON.parse(last) as CheckCost
}
