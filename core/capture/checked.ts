import type { Forecast } from '../overlap/graph.ts'
import type { Finding, Verdict } from './finding.ts'
import type { Photo, Skipped } from './photo.ts'

/** The whole result of a check, as the engine hands it over. */
export type Checked = {
  readonly folder: string
  readonly tookMs: number
  readonly photos: readonly Photo[]
  readonly skipped: readonly Skipped[]
  readonly findings: readonly Finding[]
  readonly verdict: Verdict
  readonly forecast: Forecast | null
  readonly leftOut: readonly string[]
}

/** Codes of the findings that name a photo, by file. */
export function codesByFile(findings: readonly Finding[]): ReadonlyMap<string, readonly string[]> {
  const codes = new Map<string, string[]>()
  for (const { code, files } of findings) {
    for (const file of files) {
      const known = codes.get(file)
      if (!known) codes.set(file, [code])
      else if (!known.includes(code)) known.push(code)
    }
  }
  return codes
}
