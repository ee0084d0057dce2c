import type { Evidence } from './evidence.ts'
import type { Finding } from './finding.ts'
import type { Photo } from './photo.ts'
import { detailOf, dhashOf, likeness, turnPrint } from './print.ts'
import type { Print } from './print.ts'
import { groupBy } from './statistics.ts'
import { names, photos } from './words.ts'

// Correlation of 32 x 32 prints, and of what they hold beyond soft gradients. Measured on the shared sets: copies at quality 20, a
// fifth of the size, brighter or grey keep 0.991 and 0.990; the closest two different photos reach 0.961 and 0.896, the next 0.825 and 0.756.
const copy = { likeness: 0.98, detail: 0.96 }
// A burst: the same view again with other noise and a hand's movement.
const sameView = { likeness: 0.97, detail: 0.8 }
// Difference hashes of copies differ by a bit or two; a filter in front of the exact comparison.
const hashBits = 10
// Turns under which a copy is still a copy: upright, half and quarter turns (EXIF numbering).
const turns = [1, 3, 6, 8] as const

/** Groups of files that show the same picture, and of those that show nearly the same view. */
export function copyFindings(evidence: readonly Evidence[]): readonly Finding[] {
  const sameBytes = [...groupBy(evidence, ({ photo }) => photo.sha256).values()]
  const single = sameBytes.map((group) => group[0] as Evidence)
  const like = likePairs(single)
  const copies = new Groups(evidence.map(({ photo }) => photo.file))
  for (const group of sameBytes) for (const other of group) copies.join((group[0] as Evidence).photo.file, other.photo.file)
  for (const one of like) if (isCopy(one)) copies.join(one.a.file, one.b.file)
  const byFile = new Map(evidence.map(({ photo }) => [photo.file, photo]))
  const found = copies.all().map((files) => duplicate(files.map((file) => byFile.get(file) as Photo)))
  return [...found, ...sameViews(like)]
}

type Like = { readonly a: Photo; readonly b: Photo; readonly likeness: number; readonly detail: number }

/** Two exposures of one view are no copies: their headers say different times. */
function isCopy({ a, b, likeness, detail }: Like): boolean {
  return likeness >= copy.likeness && detail >= copy.detail && (a.takenAt === null || b.takenAt === null || a.takenAt === b.takenAt)
}

function likePairs(evidence: readonly Evidence[]): readonly Like[] {
  const turned = evidence.map(({ print }) => turns.map((turn) => turnPrint(print, turn)))
  const hashes = turned.map((prints) => prints.map(hashWords))
  const found: Like[] = []
  for (let i = 0; i < evidence.length; i++) {
    for (let j = i + 1; j < evidence.length; j++) {
      const upright = (hashes[j] as Words[])[0] as Words
      for (let t = 0; t < turns.length; t++) {
        const words = (hashes[i] as Words[])[t] as Words
        if (bitsSet(words[0] ^ upright[0]) + bitsSet(words[1] ^ upright[1]) > hashBits) continue
        const like = compared(
          (evidence[i] as Evidence).photo,
          (evidence[j] as Evidence).photo,
          (turned[i] as Print[])[t] as Print,
          (turned[j] as Print[])[0] as Print,
        )
        if (like) {
          found.push(like)
          break
        }
      }
    }
  }
  return found
}

function compared(a: Photo, b: Photo, printA: Print, printB: Print): Like | null {
  const overall = likeness(printA, printB)
  if (overall < sameView.likeness) return null
  const detail = likeness(detailOf(printA), detailOf(printB))
  return detail >= sameView.detail ? { a, b, likeness: overall, detail } : null
}

type Words = readonly [number, number]

/** The difference hash as two 32-bit words: every pair is compared, and numbers are many times faster than texts. */
function hashWords(print: Print): Words {
  const hex = dhashOf(print)
  return [parseInt(hex.slice(0, 8), 16) | 0, parseInt(hex.slice(8), 16) | 0]
}

function bitsSet(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555)
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333)
  return (((v + (v >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24
}

/** The one to keep: most pixels, then with a position, then most bytes, then the shorter name (`a.jpg` before `a copy.jpg`), then the first. */
function keeper(group: readonly Photo[]): Photo {
  const rank = (photo: Photo) => [photo.widthPx * photo.heightPx, photo.gps ? 1 : 0, photo.camera ? 1 : 0, photo.sizeBytes]
  return group.reduce((best, photo) => {
    const a = rank(best)
    const b = rank(photo)
    const at = a.findIndex((value, i) => value !== b[i])
    return at >= 0 ? ((b[at] as number) > (a[at] as number) ? photo : best) : before(photo.file, best.file) ? photo : best
  })
}

const before = (a: string, b: string): boolean => (a.length === b.length ? a < b : a.length < b.length)

function duplicate(group: readonly Photo[]): Finding {
  const kept = keeper(group)
  const files = group.filter((photo) => photo !== kept).map(({ file }) => file)
  const same = group.every(({ sha256 }) => sha256 === kept.sha256)
  return {
    code: 'photo/duplicate',
    severity: 'warning',
    what: same
      ? `${photos(group.length)} are the same file. One is enough.`
      : `${photos(group.length)} show the same picture, re-encoded, resized or turned.`,
    remedy: `Keep ${kept.file}; leave out ${names(files)}.`,
    files,
  }
}

function sameViews(like: readonly Like[]): readonly Finding[] {
  const files = [...new Set(like.filter((one) => !isCopy(one)).flatMap(({ a, b }) => [a.file, b.file]))].sort()
  if (files.length === 0) return []
  return [
    {
      code: 'photo/same-viewpoint',
      severity: 'info',
      what: `${photos(files.length)} were taken from nearly one place, one after the other.`,
      remedy: 'Nothing to do; one of each would be enough.',
      files,
    },
  ]
}

/** Sets of files that grow together. */
class Groups {
  private readonly parent: Map<string, string>

  constructor(files: readonly string[]) {
    this.parent = new Map(files.map((file) => [file, file]))
  }

  private root(file: string): string {
    let at = file
    while (this.parent.get(at) !== at) at = this.parent.get(at) as string
    return at
  }

  join(a: string, b: string): void {
    this.parent.set(this.root(b), this.root(a))
  }

  /** Groups of two or more. */
  all(): string[][] {
    return [...groupBy([...this.parent.keys()], (file) => this.root(file)).values()].filter((group) => group.length > 1)
  }
}
