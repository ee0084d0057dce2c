// CPU, memory and growth of the overlap part with many photos, made by crops and turns of the shared captures; for 100, pycolmap's CPU beside it.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import sharp from 'sharp'
import { extract, featureFile, GREY_LONG_PX } from '../../engine/intake/overlap-features.ts'
import { overlap, type OverlapPhoto } from '../../engine/intake/overlap.ts'
import { native, root } from './evidence.ts'
import { makeMany } from './many-photos.ts'
import type { Row } from './table.ts'

const work = join(tmpdir(), 'spaceport-many')

function cpuS(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** Photos ready for overlap(), their features in a cache beside them; CPU ms of decoding and of features for those made now. */
async function prepare(files: readonly string[]): Promise<{ photos: OverlapPhoto[]; made: number; decodeMs: number; featuresMs: number }> {
  const engine = native()
  const photos: OverlapPhoto[] = []
  let made = 0
  let decodeS = 0
  let featuresS = 0
  mkdirSync(join(work, 'features'), { recursive: true })
  for (const [i, file] of files.entries()) {
    const bytes = readFileSync(file)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const { width, height } = await sharp(bytes).metadata()
    photos.push({ file: basename(file), sha256, widthPx: width, heightPx: height, focalPx: null, takenAt: null, gps: null })
    // One in ten is always made, so that the cost is of this run.
    if (i % 10 !== 0 && existsSync(featureFile(work, sha256))) continue
    const started = cpuS()
    const { data, info } = await sharp(bytes)
      .grayscale()
      .resize({ width: GREY_LONG_PX, height: GREY_LONG_PX, fit: 'inside', withoutEnlargement: true })
      .raw()
      .toBuffer({ resolveWithObject: true })
    const decoded = cpuS()
    writeFileSync(featureFile(work, sha256), extract(engine, data, info.width, info.height))
    made++
    decodeS += decoded - started
    featuresS += cpuS() - decoded
  }
  return { photos, made, decodeMs: (1000 * decodeS) / Math.max(1, made), featuresMs: (1000 * featuresS) / Math.max(1, made) }
}

/** A cold cache that holds the features alone. */
function coldCache(photos: readonly OverlapPhoto[]): string {
  const cacheDir = mkdtempSync(join(work, 'cold-'))
  mkdirSync(join(cacheDir, 'features'))
  for (const sha256 of new Set(photos.map((photo) => photo.sha256))) linkSync(featureFile(work, sha256), featureFile(cacheDir, sha256))
  return cacheDir
}

// Linux: the peak that is read later is then of the work from here on.
function forgetPeak(): void {
  writeFileSync('/proc/self/clear_refs', '5')
}

type Peer = { readonly wholeS: number; readonly perPhotoS: number; readonly perPairS: number }

/** pycolmap's SIFT and exhaustive matching of the same photos, by a fifth of them. */
function peerCost(): Peer {
  const { stdout } = spawnSync(
    join(root, '.venv', 'bin', 'python'),
    [join(import.meta.dirname, 'peer.py'), join(work, 'images'), '20', '--first', '100'],
    { encoding: 'utf8' },
  )
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as Peer
}

function peakMiB(): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0) / 1024
}

type Cost = { readonly count: number; readonly wholeS: number; readonly withoutRehearsalS: number; readonly peakMib: number }

async function costOf(files: readonly string[]): Promise<Cost> {
  const count = files.length
  const { photos, made, decodeMs, featuresMs } = await prepare(files)
  const cacheDir = coldCache(photos)
  forgetPeak()
  const started = { cpu: cpuS(), at: performance.now() }
  let first = started.cpu
  let last = started.cpu
  let pairs = 0
  try {
    for await (const event of overlap(photos, { cacheDir, threads: 2, program: root }, new AbortController().signal)) {
      if (event.kind === 'pair') {
        if (pairs++ === 0) first = cpuS()
        last = cpuS()
        continue
      }
      const { forecast } = event
      const end = cpuS()
      const wholeS = end - started.cpu + (count * (decodeMs + featuresMs)) / 1000
      console.log(
        `${count} photos: ${(end - started.cpu).toFixed(1)} CPU s, ${((performance.now() - started.at) / 1000).toFixed(1)} s (votes and first looks ${(first - started.cpu).toFixed(1)}, ${pairs} pairs ${(last - first).toFixed(1)}, rehearsal ${(end - last).toFixed(1)}); peak ${peakMiB().toFixed(0)} MiB; islands ${forecast.islands.map((island) => island.length).join(' ')}; bridges ${forecast.bridges.length}; verified ${forecast.pairsVerified}; registers ${forecast.photos.filter(({ registers }) => registers >= 0.5).length}`,
      )
      console.log(
        `  decoding ${decodeMs.toFixed(0)} and features ${featuresMs.toFixed(0)} CPU ms a photo (${made} made now): ${wholeS.toFixed(1)} CPU s all in`,
      )
      return { count, wholeS, withoutRehearsalS: wholeS - (end - last), peakMib: peakMiB() }
    }
  } finally {
    rmSync(cacheDir, { recursive: true, force: true })
  }
  throw new Error('no forecast')
}

/** What many photos cost: for 100 beside the peer, and how it grows. */
export async function manyRows(counts: readonly number[] = [100, 1000]): Promise<Row[]> {
  const files = await makeMany(join(root, '..', 'shared', 'captures'), join(work, 'images'), Math.max(...counts))
  const rows: Row[] = []
  const costs: Cost[] = []
  for (const count of counts) {
    const cost = await costOf(files.slice(0, count))
    const before = costs.at(-1)
    costs.push(cost)
    rows.push({
      what: `${count} photos, decoding to forecast`,
      must: count === 1000 ? '<= 360 CPU s (3 min on two cores)' : '-',
      figure: `${cost.wholeS.toFixed(1)} CPU s; overlap at most ${cost.peakMib.toFixed(0)} MiB`,
      reached: count === 1000 ? cost.wholeS <= 360 : null,
    })
    if (count === 100) rows.push(peerRow(cost))
    if (!before) continue
    const exponent = Math.log(cost.wholeS / before.wholeS) / Math.log(cost.count / before.count)
    rows.push({
      what: `growth exponent ${before.count} -> ${count}`,
      must: '<= 1.15',
      figure: exponent.toFixed(2),
      reached: exponent <= 1.15,
    })
  }
  return rows
}

function peerRow({ wholeS, withoutRehearsalS }: Cost): Row {
  const peer = peerCost()
  const ratio = peer.wholeS / wholeS
  return {
    what: "pycolmap's SIFT + exhaustive matching over ours, 100 photos",
    must: '>= 10',
    figure: `${ratio.toFixed(1)} (pycolmap ${peer.wholeS} CPU s by 20 of them; without our rehearsal, which it does not do here, ${(peer.wholeS / withoutRehearsalS).toFixed(1)})`,
    reached: ratio >= 10,
  }
}
