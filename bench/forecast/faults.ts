import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { findingsOf } from '../../core/capture/checks.ts'
import type { Evidence } from '../../core/capture/evidence.ts'
import { readPhotos } from '../../engine/intake/check-read.ts'
import { listFiles } from '../../engine/intake/list-files.ts'
import { benchSets } from './evidence.ts'
import type { Row } from './table.ts'
import type { TruthSet } from './truth.ts'

type Plant = { readonly code: string; readonly change: (picture: Sharp) => Sharp }

/** Points along the diagonal: a smear of `px` pixels. */
function diagonal(px: number) {
  return { width: px, height: px, kernel: Array.from({ length: px * px }, (_, i) => (i % px === Math.floor(i / px) ? 1 : 0)) }
}

// Done to a photo in its place, header kept.
const CHANGED: readonly Plant[] = [
  { code: 'photo/blurred', change: (picture) => picture.convolve(diagonal(25)) },
  { code: 'photo/out-of-focus', change: (picture) => picture.blur(6) },
  { code: 'photo/dark', change: (picture) => picture.linear(0.2, 0) },
  { code: 'photo/bright', change: (picture) => picture.linear(3.5, 60) },
  { code: 'photo/white-balance-differs', change: (picture) => picture.linear([1.4, 1, 0.65], [0, 0, 0]) },
  { code: 'photo/no-exif', change: (picture) => picture },
]

// A copy beside the photo. Crops are told by the overlap, which this part leaves out (engine/intake/check-planted.test.ts has them).
const COPIED: readonly Plant[] = [
  { code: 'photo/duplicate', change: (picture) => picture.keepMetadata().jpeg({ quality: 30 }) },
  { code: 'photo/duplicate', change: (picture) => picture.keepMetadata().resize(700).jpeg({ quality: 85 }) },
  { code: 'photo/duplicate', change: (picture) => picture.rotate(90).jpeg({ quality: 85 }) },
  { code: 'photo/duplicate', change: (picture) => picture.rotate(180).jpeg({ quality: 85 }) },
]

/** Faults planted into every shared set: how many are named, and what is said about photos without fault. */
export async function faultRows(): Promise<Row[]> {
  let [planted, named, clean, alarms] = [0, 0, 0, 0]
  for (const set of benchSets().filter(({ name }) => !name.includes('~'))) {
    const folder = mkdtempSync(join(tmpdir(), 'spaceport-faults-'))
    try {
      const before = codesOf(await read(set.folder))
      const wanted = await plant(set, folder)
      const after = codesOf(await read(folder))
      const missed = [...wanted].filter(([file, code]) => !after.get(file)?.has(code)).map(([file, code]) => `${code} ${file}`)
      // What is true of the set as it stands (no GPS, say) is no false alarm.
      const wrong = set.files
        .filter((file) => !wanted.has(file))
        .flatMap((file) => [...(after.get(file) ?? [])].filter((code) => !before.get(file)?.has(code)).map((code) => `${code} ${file}`))
      planted += wanted.size
      named += wanted.size - missed.length
      clean += set.files.length - wanted.size + COPIED.length
      alarms += new Set(wrong.map((each) => each.split(' ')[1])).size
      console.log(
        `faults ${set.name}: ${wanted.size - missed.length} of ${wanted.size} named${missed.map((each) => `; missed ${each}`).join('')}${wrong.map((each) => `; false ${each}`).join('')}`,
      )
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  console.log('')
  return [
    { what: `planted faults named (${planted})`, must: '>= 95 %', figure: percent(named, planted), reached: named >= 0.95 * planted },
    {
      what: `false alarms on photos without fault (${clean})`,
      must: '<= 5 %',
      figure: percent(alarms, clean),
      reached: alarms <= 0.05 * clean,
    },
  ]
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(1)} %`
}

/** A copy of the set with the faults; the code that each planted file must get. */
async function plant(set: TruthSet, folder: string): Promise<Map<string, string>> {
  for (const file of readdirSync(set.folder)) copyFileSync(join(set.folder, file), join(folder, file))
  const wanted = new Map<string, string>()
  const step = Math.max(1, Math.floor(set.files.length / CHANGED.length))
  for (const [i, { code, change }] of CHANGED.entries()) {
    const file = set.files[i * step]!
    const picture = change(sharp(join(set.folder, file)))
    const kept = code === 'photo/no-exif' ? picture : picture.keepMetadata()
    writeFileSync(join(folder, file), await kept.jpeg({ quality: 92 }).toBuffer())
    wanted.set(file, code)
  }
  const whole = set.files.filter((file) => !wanted.has(file))
  for (const [i, { code, change }] of COPIED.entries()) {
    const copy = `zz copy ${i}.jpg`
    writeFileSync(join(folder, copy), await change(sharp(join(set.folder, whole[i % whole.length]!))).toBuffer())
    wanted.set(copy, code)
  }
  return wanted
}

/** The facts of every photo, read anew and without the overlap engine. */
async function read(folder: string): Promise<Evidence[]> {
  const cacheDir = mkdtempSync(join(tmpdir(), 'spaceport-faults-cache-'))
  const records: Evidence[] = []
  const signal = new AbortController().signal
  const options = { cacheDir, thumbsDir: join(cacheDir, 'thumbs'), threads: 2, program: cacheDir }
  for await (const event of readPhotos(folder, await listFiles(folder, signal), options, signal))
    if (event.kind === 'photo') records.push(event.record)
  rmSync(cacheDir, { recursive: true, force: true })
  return records.sort((a, b) => (a.photo.file < b.photo.file ? -1 : 1))
}

function codesOf(records: readonly Evidence[]): Map<string, Set<string>> {
  const codes = new Map<string, Set<string>>()
  for (const { code, files } of findingsOf(records, null, new Date()))
    if (code.startsWith('photo/')) for (const file of files) codes.set(file, (codes.get(file) ?? new Set()).add(code))
  return codes
}
