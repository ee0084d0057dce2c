// node bench/forecast/many.ts [COUNT ...]: CPU, memory and growth of the overlap part with many photos, made by crops and turns of the shared captures; for 100, pycolmap's CPU beside it.
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

/** pycolmap's SIFT and exhaustive matching of the same photos, by a fifth of them. */
function againstPeer(wholeS: number, withoutRehearsalS: number): string {
  const { stdout } = spawnSync(
    join(root, '.venv', 'bin', 'python'),
    [join(import.meta.dirname, 'peer.py'), join(work, 'images'), '20', '--first', '100'],
    { encoding: 'utf8' },
  )
  const peer = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as { wholeS: number; perPhotoS: number; perPairS: number }
  return `  pycolmap: ${peer.wholeS} CPU s (${peer.perPhotoS} s a photo, ${peer.perPairS} s a pair, measured on 20 photos): ${(peer.wholeS / wholeS).toFixed(1)} times ours, ${(peer.wholeS / withoutRehearsalS).toFixed(1)} times ours without the rehearsal, which pycolmap does not do here`
}

function peakMiB(): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0) / 1024
}

const counts = process.argv.slice(2).map(Number)
const asked = counts.length > 0 ? counts : [100, 300, 1000]
const files = await makeMany(join(root, '..', 'shared', 'captures'), join(work, 'images'), Math.max(...asked))
const figures: { readonly count: number; readonly spentS: number }[] = []
for (const count of asked) {
  const { photos, made, decodeMs, featuresMs } = await prepare(files.slice(0, count))
  const cacheDir = coldCache(photos)
  forgetPeak()
  const started = { cpu: cpuS(), at: performance.now() }
  let first = started.cpu
  let last = started.cpu
  let pairs = 0
  for await (const event of overlap(photos, { cacheDir, threads: 2, program: root }, new AbortController().signal)) {
    if (event.kind === 'pair') {
      if (pairs++ === 0) first = cpuS()
      last = cpuS()
      continue
    }
    const { forecast } = event
    const end = cpuS()
    console.log(
      `${count} photos: ${(end - started.cpu).toFixed(1)} CPU s, ${((performance.now() - started.at) / 1000).toFixed(1)} s (votes and first looks ${(first - started.cpu).toFixed(1)}, ${pairs} pairs ${(last - first).toFixed(1)}, rehearsal ${(end - last).toFixed(1)}); peak ${peakMiB().toFixed(0)} MiB; islands ${forecast.islands.map((island) => island.length).join(' ')}; bridges ${forecast.bridges.length}; verified ${forecast.pairsVerified}; registers ${forecast.photos.filter(({ registers }) => registers >= 0.5).length}`,
    )
    const wholeS = end - started.cpu + (count * (decodeMs + featuresMs)) / 1000
    console.log(
      `  decoding ${decodeMs.toFixed(0)} and features ${featuresMs.toFixed(0)} CPU ms a photo (${made} made now): ${wholeS.toFixed(1)} CPU s all in`,
    )
    if (count === 100) console.log(againstPeer(wholeS, wholeS - (end - last)))
    figures.push({ count, spentS: wholeS })
  }
  rmSync(cacheDir, { recursive: true, force: true })
}
for (const [i, to] of figures.entries()) {
  const from = figures[i - 1]
  if (from)
    console.log(
      `growth exponent ${from.count} -> ${to.count}: ${(Math.log(to.spentS / from.spentS) / Math.log(to.count / from.count)).toFixed(2)}`,
    )
}
