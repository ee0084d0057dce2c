import type { Finding } from '../../../core/capture/finding.ts'
import type { GlyphState } from '../../parts/state-glyph.tsx'

/** Short words for chips and badges, by code; an unknown code is said as it is. */
const words: Readonly<Record<string, string>> = {
  'photo/unlinked': 'joins nothing',
  'photo/blurred': 'blurred',
  'photo/out-of-focus': 'out of focus',
  'photo/dark': 'dark',
  'photo/bright': 'bright',
  'photo/duplicate': 'duplicate',
  'photo/same-viewpoint': 'same viewpoint',
  'photo/no-exif': 'no EXIF',
  'photo/no-gps': 'no GPS',
  'photo/gps-outlier': 'GPS far off',
  'photo/gps-duplicate': 'GPS repeated',
  'photo/damaged': 'damaged',
  'capture/islands': 'islands',
  'capture/weak-bridge': 'weak bridge',
  'capture/gps-poor': 'GPS poor',
  'capture/too-few': 'too few',
  'capture/coverage-hole': 'hole',
}

/** What a finding is called in a word or two. */
export function findingWord(code: string): string {
  return words[code] ?? (code.split('/')[1] ?? code).replaceAll('-', ' ')
}

const ranks = { error: 0, warning: 1, info: 2 } as const

/** Findings worst first, those that hit more photos before others. */
export function worstFirst(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((a, b) => ranks[a.severity] - ranks[b.severity] || b.files.length - a.files.length)
}

/** The glyph of a finding's severity. */
export function severityGlyph(severity: Finding['severity']): GlyphState {
  return ({ error: 'failed', warning: 'risky', info: 'info' } as const)[severity]
}

/** The findings of each photo, worst first. */
export function findingsByFile(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  const all = new Map<string, Finding[]>()
  for (const finding of worstFirst(findings)) {
    for (const file of finding.files) all.set(file, [...(all.get(file) ?? []), finding])
  }
  return all
}

export type FindingKind = {
  readonly code: string
  readonly severity: Finding['severity']
  readonly count: number
  readonly files: ReadonlySet<string>
}

/** One entry a code, worst first: what the chips show. A finding about the whole capture counts itself. */
export function findingKinds(findings: readonly Finding[]): readonly FindingKind[] {
  const kinds = new Map<string, { code: string; severity: Finding['severity']; files: Set<string>; whole: number }>()
  for (const finding of worstFirst(findings)) {
    const kind = kinds.get(finding.code) ?? { code: finding.code, severity: finding.severity, files: new Set<string>(), whole: 0 }
    for (const file of finding.files) kind.files.add(file)
    if (finding.files.length === 0 || finding.code.startsWith('capture/')) kind.whole += 1
    kinds.set(finding.code, kind)
  }
  return [...kinds.values()].map(({ code, severity, files, whole }) => ({
    code,
    severity,
    files,
    count: code.startsWith('capture/') ? whole : files.size,
  }))
}
