import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CheckCost } from './check-cost.ts'
import { root } from './evidence.ts'
import { makeLarge } from './many-photos.ts'
import type { Row } from './table.ts'

const PHOTOS = 100

/** A whole check of photos of 12 MP in a process of its own, cold and once more; seconds of the wall are given beside CPU, because other work on the machine stretches them. */
export async function largeRows(): Promise<Row[]> {
  const folder = join(tmpdir(), 'spaceport-many', 'large')
  await makeLarge(join(root, '..', 'shared', 'captures'), folder, PHOTOS)
  const home = mkdtempSync(join(tmpdir(), 'spaceport-large-'))
  try {
    const cold = costOf(folder, home)
    const again = costOf(folder, home)
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
      {
        what: 'second check of the same folder',
        must: '< 2 s for 1,000 photos',
        figure: `${again.wallS.toFixed(2)} s, ${again.cpuS.toFixed(2)} CPU s for ${again.photos}`,
        reached: again.cpuS < 2,
      },
    ]
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

function costOf(folder: string, home: string): CheckCost {
  const { stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, 'check-cost.ts'), folder, home], { encoding: 'utf8' })
  const last = stdout.trim().split('\n').at(-1)
  if (!last) throw new Error(`the check ended without a verdict: ${stderr}`)
  return JSON.parse(last) as CheckCost
}
