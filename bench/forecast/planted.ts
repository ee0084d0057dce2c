import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Bridge, Forecast } from '../../core/overlap/graph.ts'
import { overlap } from '../../engine/intake/overlap.ts'
import { benchSets, cacheFolder, native, noCost, photosOf, root } from './evidence.ts'
import { overlapPhoto } from './rehearsals.ts'
import type { Row } from './table.ts'
import { pairKey, readSets, type TruthSet } from './truth.ts'

/** What was planted into a set, or `clean`; null: neither, COLMAP loses photos of it by weakness. */
type Kind = 'clean' | 'two' | 'strays' | 'bridge' | 'one place' | 'forward'

type Judged = { readonly set: TruthSet; readonly kind: Kind; readonly said: string; readonly right: boolean; readonly apart: boolean }

// A pair that COLMAP gives this many inliers holds two photos together (twice its 15, beyond what flips between runs).
const HOLDS = 30

/** Whether islands, bridges, strays and motions that were planted are named, and none on clean sets. `only`: names of sets. */
export async function plantedRows(only: readonly string[] = []): Promise<Row[]> {
  mkdirSync(cacheFolder, { recursive: true })
  const judged: Judged[] = []
  console.log('planted                               photos usable  islands           said')
  const hinged = readSets(join(root, '.cache', 'bench', 'hinged'))
  for (const set of [...benchSets(), ...hinged]) {
    const kind = kindOf(set)
    if (kind === null || (only.length > 0 && !only.includes(set.name))) continue
    const forecast = await forecastOf(set)
    const each = { set, kind, said: saidOf(forecast), right: isRight(kind, set, forecast), apart: areApart(set, forecast) }
    judged.push(each)
    console.log(line(each, forecast))
  }
  console.log('')
  const planted = judged.filter(({ set, kind }) => kind !== 'clean' && !hinged.includes(set))
  const clean = judged.filter(({ kind }) => kind === 'clean')
  const wrong = (all: readonly Judged[]): string =>
    all
      .filter(({ right }) => !right)
      .map(({ set }) => set.name)
      .join(' ')
  const share = (all: readonly Judged[]): string => `${all.filter(({ right }) => right).length} of ${all.length} ${wrong(all)}`.trim()
  return [
    {
      what: 'planted islands, bridges, strays, turns, forward flights named',
      must: 'all',
      figure: share(planted),
      reached: wrong(planted) === '',
    },
    {
      what: 'sets that COLMAP takes whole, no false island, bridge or motion',
      must: 'all',
      figure: share(clean),
      reached: wrong(clean) === '',
    },
    ...hingedRows(judged.filter(({ set }) => hinged.includes(set))),
  ]
}

/** Groups that one photo links, of unseen.py. A side of two is no island to speak of: its photos are said to join nothing, which is what COLMAP does. */
function hingedRows(judged: readonly Judged[]): Row[] {
  const linked = judged.filter(({ kind }) => kind === 'bridge')
  const rest = judged.filter(({ kind }) => kind === 'two')
  if (judged.length === 0)
    return [{ what: 'unseen groups on one photo', must: '-', figure: 'none: make them with unseen.py', reached: null }]
  const share = (of: readonly Judged[], is: (each: Judged) => boolean): string => `${of.filter(is).length} of ${of.length}`
  return [
    {
      what: 'unseen groups on one photo, said as bridge or islands',
      must: '-',
      figure: share(linked, ({ right }) => right),
      reached: null,
    },
    {
      what: 'the same, as bridge, islands or photos that join nothing',
      must: 'all',
      figure: share(linked, ({ right, apart }) => right || apart),
      reached: linked.every(({ right, apart }) => right || apart),
    },
    {
      what: 'the same without the photo, in no island together',
      must: 'all',
      figure: share(rest, ({ right }) => right),
      reached: rest.every(({ right }) => right),
    },
  ]
}

// There is a photo without which COLMAP's pairs fall into parts, and no island has photos of two of them.
function areApart(set: TruthSet, { islands }: Forecast): boolean {
  return set.files.some((photo) => {
    const parts = partsOf(
      set,
      set.files.filter((file) => file !== photo),
    )
    const home = new Map(parts.flatMap((part, i) => part.map((file): [string, number] => [file, i])))
    return parts.length > 1 && islands.every((island) => new Set(island.flatMap((file) => home.get(file) ?? [])).size < 2)
  })
}

function kindOf({ name, files, usable }: TruthSet): Kind | null {
  const fault = name.split('~')[1] ?? ''
  const share = [...usable.values()].filter((each) => each > 0.5).length / files.length
  if (/^(two|three|unbridged)/.test(fault)) return 'two'
  if (fault === 'strays') return fault
  if (fault.startsWith('bridge')) return 'bridge'
  if (/^(turn|spin|zoom)/.test(fault)) return 'one place'
  // A forward flight that COLMAP takes is none to warn of.
  if (fault.startsWith('forward')) return share < 0.5 ? 'forward' : 'clean'
  return share === 1 ? 'clean' : null
}

async function forecastOf(set: TruthSet): Promise<Forecast> {
  const photos = (await photosOf(native(), set, noCost())).map(overlapPhoto)
  for await (const event of overlap(photos, { cacheDir: cacheFolder, threads: 2, program: root }, new AbortController().signal))
    if (event.kind === 'forecast') return event.forecast
  throw new Error(`no forecast of ${set.name}`)
}

// From here a group is an island to speak of, as in core/capture/check-forecast.ts; smaller ones are photos that join nothing.
const ISLAND = 3

function saidOf({ islands, bridges, motion, photos }: Forecast): string {
  const large = islands.filter((island) => island.length >= ISLAND)
  const loose = photos.filter(({ island }) => island < 0 || islands[island]!.length < ISLAND).length
  return [
    ...(large.length > 1 ? [`${large.length} islands`] : []),
    ...(loose > 0 ? [`${loose} loose`] : []),
    ...bridges.map(({ photos: [bridge], sides }) => `bridge ${bridge} (${sides?.map((side) => side.length).join('|')})`),
    ...(motion === 'good' ? [] : [motion]),
  ].join(', ')
}

function isRight(kind: Kind, set: TruthSet, forecast: Forecast): boolean {
  const { islands, bridges, motion } = forecast
  const large = islands.filter((island) => island.length >= ISLAND)
  switch (kind) {
    case 'clean':
      return large.length < 2 && bridges.every((bridge) => isBridge(set, bridge)) && motion === 'good'
    case 'two':
    case 'strays':
      return !isGlued(set, forecast)
    case 'bridge':
      return bridges.length > 0 || large.length > 1
    case 'one place':
      return motion === 'turned'
    case 'forward':
      return motion === 'forward'
  }
}

// Photos of two scenes, or of the two sides that nothing links, in one island.
function isGlued(set: TruthSet, { islands }: Forecast): boolean {
  const parts = partsOf(set, set.files)
  const home = new Map(parts.flatMap((part, i) => part.map((file): [string, number] => [file, i])))
  return islands.some((island) => new Set(island.map((file) => home.get(file))).size > 1)
}

// Without the photo COLMAP joins the sides in no model (without.py). A set that was never asked is judged by COLMAP's pairs.
function isBridge(set: TruthSet, { photos: [photo = ''], sides = [[], []] }: Bridge): boolean {
  const asked = join(root, '.cache', 'bench', 'without', `${set.name}!${photo}.json`)
  if (existsSync(asked)) {
    const models = JSON.parse(readFileSync(asked, 'utf8')) as readonly (readonly string[])[]
    return models.every((model) => sides.some((side) => side.filter((file) => model.includes(file)).length < LEAST_SIDE))
  }
  console.log(`to be asked: .venv/bin/python bench/forecast/without.py ${set.name}/${photo}`)
  const rest = set.files.filter((file) => file !== photo)
  return partsOf(set, rest).length > 1
}

// As in core/overlap/bridges.ts.
const LEAST_SIDE = 2

function partsOf(set: TruthSet, files: readonly string[]): string[][] {
  const left = new Set(files)
  const parts: string[][] = []
  for (const start of left) {
    const part = [start]
    left.delete(start)
    for (const file of part)
      for (const other of left) if ((set.inliers.get(pairKey(file, other)) ?? 0) >= HOLDS && left.delete(other)) part.push(other)
    parts.push(part)
  }
  return parts
}

function line({ set, kind, said, right }: Judged, { islands }: Forecast): string {
  const usable = [...set.usable.values()].filter((share) => share > 0.5).length
  const sizes = islands.map((island) => island.length).join(' ')
  return `${set.name.padEnd(38)}${String(set.files.length).padStart(6)}${String(usable).padStart(7)}  ${sizes.padEnd(18)}${right ? '' : 'WRONG '}${kind}: ${said || '-'}`
}
