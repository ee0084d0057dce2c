import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { worthMatching } from '../../core/capture/manifest.ts'
import type { Forecast } from '../../core/overlap/graph.ts'
import { overlap } from '../../engine/intake/overlap.ts'
import { benchSets, cacheFolder, native, noCost, photosOf, root } from './evidence.ts'
import { overlapPhoto } from './rehearsals.ts'
import type { Row } from './table.ts'
import type { TruthSet } from './truth.ts'

const FLIGHT = 200
const work = join(root, '.cache', 'bench', 'pair-list')

type Mapped = { readonly registered: readonly string[]; readonly points: number; readonly mapS: number }
type Compared = { readonly photos: number; readonly pairs: number; readonly listed: number; readonly all: Mapped; readonly list: Mapped }

/** Structure from motion with the pairs of the forecast against all pairs: on the whole shared sets and on a made-up flight of 200 photos. */
export async function pairListRows(): Promise<Row[]> {
  const flight = join(work, 'flight')
  python('flight', flight, String(FLIGHT))
  const large: TruthSet = { name: 'flight', folder: flight, files: names(FLIGHT), inliers: new Map(), usable: new Map() }
  const results: { readonly name: string; readonly found: Compared }[] = []
  console.log('pair list          photos   pairs  listed  registered: all list   points: all    list')
  for (const set of [...benchSets().filter(({ name }) => !name.includes('~')), large]) {
    const found = compare(set, await forecastOf(set))
    results.push({ name: set.name, found })
    console.log(line(set.name, found))
  }
  console.log('')
  const lost = results.reduce(
    (sum, { found }) => sum + found.all.registered.filter((file) => !found.list.registered.includes(file)).length,
    0,
  )
  const off = Math.max(...results.map(({ found }) => Math.abs(found.list.points / found.all.points - 1)))
  const { pairs, listed } = results.at(-1)!.found
  return [
    { what: 'run with the pair list, registered photos lost', must: '0', figure: String(lost), reached: lost === 0 },
    {
      what: 'run with the pair list, points differ at most by',
      must: '<= 1 %',
      figure: `${(100 * off).toFixed(2)} %`,
      reached: off <= 0.01,
    },
    {
      what: `pairs fewer than all, ${FLIGHT} photos`,
      must: '>= 5 x',
      figure: `${(pairs / listed).toFixed(1)} x (${listed} of ${pairs})`,
      reached: pairs >= 5 * listed,
    },
  ]
}

function names(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `DJI_${String(i).padStart(4, '0')}.jpg`)
}

async function forecastOf(set: TruthSet): Promise<Forecast> {
  const photos = (await photosOf(native(), set, noCost())).map(overlapPhoto)
  for await (const event of overlap(photos, { cacheDir: cacheFolder, threads: 2, program: root }, new AbortController().signal))
    if (event.kind === 'forecast') return event.forecast
  throw new Error(`no forecast of ${set.name}`)
}

function compare(set: TruthSet, { pairs }: Forecast): Compared {
  const scratch = join(work, `${set.name}-colmap`)
  mkdirSync(scratch, { recursive: true })
  const list = join(scratch, 'pairs.txt')
  writeFileSync(
    list,
    pairs
      .filter(worthMatching)
      .map(({ a, b }) => `${a}\t${b}\n`)
      .join(''),
  )
  return JSON.parse(python('compare', set.folder, list, '--scratch', scratch).trim().split('\n').at(-1)!) as Compared
}

function python(...given: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(
    join(root, '.venv', 'bin', 'python'),
    [join(import.meta.dirname, 'pair_list.py'), ...given],
    {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    },
  )
  if (status !== 0) throw new Error(`pair_list.py ended with ${status}: ${stderr.slice(-2000)}`)
  return stdout
}

function line(name: string, { photos, pairs, listed, all, list }: Compared): string {
  const cells = [photos, pairs, listed].map((value) => String(value).padStart(8)).join('')
  return `${name.padEnd(17)}${cells}${String(all.registered.length).padStart(17)}${String(list.registered.length).padStart(5)}${String(all.points).padStart(14)}${String(list.points).padStart(8)}`
}
