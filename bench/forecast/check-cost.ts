// node bench/forecast/check-cost.ts FOLDER HOME: one check in a process of its own, and what it cost, as one JSON line. Its threads are all in this process.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { check } from '../../engine/intake/check.ts'

/** Seconds are of the process so far, its start included. `peakMib`: the most memory it ever held; null where the system does not tell. */
export type CheckCost = {
  readonly photos: number
  readonly registers: number
  readonly cpuS: number
  readonly wallS: number
  readonly firstPhotoS: number
  readonly peakMib: number | null
}

const root = join(import.meta.dirname, '..', '..')

function peakMib(): number | null {
  if (process.platform !== 'linux') return null
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024)
}

const [folder, home] = process.argv.slice(2)
if (!folder || !home) throw new Error('check-cost.ts FOLDER HOME')
let firstPhotoS = 0
const options = { cacheDir: home, thumbsDir: join(home, 'thumbs'), threads: 2, program: root }
for await (const event of check(folder, options, new AbortController().signal)) {
  // Its thumbnail stands by then.
  if (event.kind === 'photo') firstPhotoS ||= performance.now() / 1000
  if (event.kind === 'failed') throw new Error(event.problem.what)
  if (event.kind !== 'checked') continue
  const { user, system } = process.cpuUsage()
  const cost: CheckCost = {
    photos: event.check.photos.length,
    registers: event.check.forecast?.photos.filter(({ registers }) => registers >= 0.5).length ?? 0,
    cpuS: (user + system) / 1e6,
    wallS: performance.now() / 1000,
    firstPhotoS,
    peakMib: peakMib(),
  }
  console.log(JSON.stringify(cost))
}
