import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PairEvidence } from './native.ts'
import { FEATURE_RECIPE } from './overlap-features.ts'

/** Names the way pairs are compared; a change of native/two_view or what it rests on changes it. */
export const PAIR_RECIPE = `${FEATURE_RECIPE}.pair-1`

/** Features of largest scale that a first look compares: a tenth of the time of all, pairs AUC 0.9955 (facts of the forecast, section 2). */
export const FIRST_FEATURES = 800

/** Names first looks. */
export const FIRST_RECIPE = `${PAIR_RECIPE}.first-${FIRST_FEATURES}`

// A record: partner's sha256 (32 bytes), eight f64, then the number of matches (u32) and the matches as pairs of u16.
const NUMBERS = 8
const HEAD_BYTES = 32 + NUMBERS * 8 + 4

/**
 * Results of comparing two photos, kept under `cacheDir` by content hash: one file for the photo whose hash is the lower, one
 * record for each partner. Records are only appended, and a tail that was cut off by a crash is ignored.
 */
export class PairCache {
  private readonly folder: string
  private readonly recipe: string
  private readonly read = new Map<string, Map<string, PairEvidence>>()

  /** `recipe`: another way of comparing has results of its own. */
  constructor(cacheDir: string, recipe: string = PAIR_RECIPE) {
    this.recipe = recipe
    this.folder = join(cacheDir, 'pairs')
    mkdirSync(this.folder, { recursive: true })
  }

  /** `low` < `high` as strings; matches are (low's feature, high's feature). */
  get(low: string, high: string): PairEvidence | undefined {
    let known = this.read.get(low)
    if (!known) this.read.set(low, (known = parse(this.file(low))))
    return known.get(high)
  }

  put(low: string, high: string, evidence: PairEvidence): void {
    this.get(low, high)
    this.read.get(low)!.set(high, evidence)
    appendFileSync(this.file(low), serialise(high, evidence))
  }

  private file(low: string): string {
    return join(this.folder, `${low}.${this.recipe}`)
  }
}

const unknownAsNaN = (value: number | null): number => value ?? Number.NaN
const nanAsUnknown = (value: number): number | null => (Number.isNaN(value) ? null : value)

function serialise(high: string, e: PairEvidence): Buffer {
  const count = e.matches.length / 2
  const bytes = Buffer.alloc(HEAD_BYTES + 4 * count)
  bytes.write(high, 0, 32, 'hex')
  const numbers = [
    e.raw,
    e.inliersF,
    e.inliersH,
    e.coverage,
    e.inlierRatio,
    unknownAsNaN(e.medianAngleDeg),
    unknownAsNaN(e.inliersE),
    unknownAsNaN(e.forward),
  ]
  for (const [i, value] of numbers.entries()) bytes.writeDoubleLE(value, 32 + 8 * i)
  bytes.writeUInt32LE(count, HEAD_BYTES - 4)
  for (const [i, feature] of e.matches.entries()) bytes.writeUInt16LE(feature, HEAD_BYTES + 2 * i)
  return bytes
}

function parse(file: string): Map<string, PairEvidence> {
  const known = new Map<string, PairEvidence>()
  if (!existsSync(file)) return known
  const bytes = readFileSync(file)
  for (let at = 0; at + HEAD_BYTES <= bytes.length;) {
    const count = bytes.readUInt32LE(at + HEAD_BYTES - 4)
    const end = at + HEAD_BYTES + 4 * count
    if (end > bytes.length) break
    const number = (i: number): number => bytes.readDoubleLE(at + 32 + 8 * i)
    const start = at + HEAD_BYTES
    known.set(bytes.toString('hex', at, at + 32), {
      raw: number(0),
      inliersF: number(1),
      inliersH: number(2),
      coverage: number(3),
      inlierRatio: number(4),
      medianAngleDeg: nanAsUnknown(number(5)),
      inliersE: nanAsUnknown(number(6)),
      forward: nanAsUnknown(number(7)),
      matches: Int32Array.from({ length: 2 * count }, (_, i) => bytes.readUInt16LE(start + 2 * i)),
    })
    at = end
  }
  return known
}
