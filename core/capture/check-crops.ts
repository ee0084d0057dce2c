import type { Forecast, Pair } from '../overlap/graph.ts'
import type { Evidence } from './evidence.ts'
import type { Finding } from './finding.ts'
import { printPx } from './print.ts'
import type { Print } from './print.ts'
import { groupBy, mode } from './statistics.ts'

// A photo that lies wholly inside another one, at this correlation, is cut out of it. Neighbours of a flight reach 0.8.
const cropLikeness = 0.95
// Cut to less than half the width it shows another scene; above it is the same picture for the plain comparison.
const shares = [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95]
// The original is among the partners with the most matches.
const partners = 4

/** Photos cut out of another one of the capture. Only those of an odd size, or of another one's time, are looked at. */
export function cropFindings(evidence: readonly Evidence[], forecast: Forecast | null): readonly Finding[] {
  if (!forecast) return []
  const byFile = new Map(evidence.map((one) => [one.photo.file, one]))
  const suspects = suspectsOf(evidence)
  const pairs = groupBy(
    forecast.pairs
      .flatMap((pair) => [
        { pair, of: pair.a, other: pair.b },
        { pair, of: pair.b, other: pair.a },
      ])
      .filter(({ of }) => suspects.has(of)),
    ({ of }) => of,
  )
  const found: Finding[] = []
  for (const [file, list] of pairs) {
    const crop = byFile.get(file)
    const strongest = list.sort((a, b) => strength(b.pair) - strength(a.pair)).slice(0, partners)
    const original = strongest.map(({ other }) => byFile.get(other)).find((other) => crop && other && isCutFrom(crop, other))
    if (original) found.push(cropFinding(file, original.photo.file))
  }
  return found
}

const strength = ({ probability, inliers }: Pair): number => probability * inliers

function suspectsOf(evidence: readonly Evidence[]): ReadonlySet<string> {
  const size = ({ photo }: Evidence) => `${photo.widthPx} ${photo.heightPx}`
  const usual = mode(evidence.map(size))
  const times = groupBy(
    evidence.filter(({ photo }) => photo.takenAt !== null),
    ({ photo }) => photo.takenAt,
  )
  return new Set(
    evidence.filter((one) => size(one) !== usual || (times.get(one.photo.takenAt)?.length ?? 0) > 1).map(({ photo }) => photo.file),
  )
}

function cropFinding(file: string, original: string): Finding {
  return {
    code: 'photo/duplicate',
    severity: 'warning',
    what: `${file} is cut out of ${original}.`,
    remedy: `Keep ${original}; leave out ${file}.`,
    files: [file],
  }
}

/** Whether a print is found inside another at some scale and place, and the headers do not say two times. */
function isCutFrom(crop: Evidence, original: Evidence): boolean {
  const [a, b] = [crop.photo.takenAt, original.photo.takenAt]
  if (a !== null && b !== null && a !== b) return false
  // The share of the original's height follows from the share of its width and the two shapes.
  const shape = (crop.photo.heightPx / crop.photo.widthPx) * (original.photo.widthPx / original.photo.heightPx)
  return shares.some((share) => share * shape <= 1 && bestInside(crop.print, original.print, share, share * shape) >= cropLikeness)
}

function bestInside(crop: Print, original: Print, across: number, down: number): number {
  let best = 0
  const room = { x: Math.floor(printPx * (1 - across)), y: Math.floor(printPx * (1 - down)) }
  for (let y = 0; y <= room.y; y++) for (let x = 0; x <= room.x; x++) best = Math.max(best, correlation(crop, original, x, y, across, down))
  return best
}

// Every second cell both ways: 256 samples decide.
const sampleStep = 2

function correlation(crop: Print, original: Print, left: number, top: number, across: number, down: number): number {
  const s = { a: 0, b: 0, aa: 0, bb: 0, ab: 0, n: 0 }
  for (let y = 1; y < printPx; y += sampleStep) {
    for (let x = 1; x < printPx; x += sampleStep) {
      const a = crop[y * printPx + x] as number
      const b = between(original, left + (x + 0.5) * across - 0.5, top + (y + 0.5) * down - 0.5)
      s.a += a
      s.b += b
      s.aa += a * a
      s.bb += b * b
      s.ab += a * b
      s.n++
    }
  }
  const spread = (s.n * s.aa - s.a * s.a) * (s.n * s.bb - s.b * s.b)
  return spread > 0 ? (s.n * s.ab - s.a * s.b) / Math.sqrt(spread) : 0
}

/** Bilinear value between cells. */
function between(print: Print, x: number, y: number): number {
  const x0 = Math.min(printPx - 2, Math.max(0, Math.floor(x)))
  const y0 = Math.min(printPx - 2, Math.max(0, Math.floor(y)))
  const [fx, fy] = [x - x0, y - y0]
  const at = y0 * printPx + x0
  const row = (from: number) => (print[from] as number) * (1 - fx) + (print[from + 1] as number) * fx
  return row(at) * (1 - fy) + row(at + printPx) * fy
}
