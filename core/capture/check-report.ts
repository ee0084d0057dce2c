import type { Forecast } from '../overlap/graph.ts'
import type { Finding, Verdict } from './finding.ts'
import type { Photo, Skipped } from './photo.ts'

export { toCheckHtml } from './check-html.ts'
export { toKml } from './check-kml.ts'

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

/** The document of `check --json`, a public interface: names and codes are stable, see docs of the command line. */
export function toCheckJson(check: Checked) {
  const leftOut = new Set(check.leftOut)
  const codes = codesByFile(check.findings)
  const forecasts = new Map((check.forecast?.photos ?? []).map((photo) => [photo.file, photo]))
  return {
    version: 1 as const,
    folder: check.folder,
    tookMs: check.tookMs,
    verdict: check.verdict,
    photos: check.photos.map((photo) => ({
      ...facts(photo),
      use: !leftOut.has(photo.file),
      registers: forecasts.get(photo.file)?.registers ?? 0,
      island: forecasts.get(photo.file)?.island ?? -1,
      findings: codes.get(photo.file) ?? [],
    })),
    pairs: (check.forecast?.pairs ?? []).map(({ a, b, probability, inliers }) => ({ a, b, probability, inliers })),
    islands: check.forecast?.islands ?? [],
    bridges: (check.forecast?.bridges ?? []).map(({ photos, between }) => ({ photos, between })),
    skipped: check.skipped.map(({ file, code, what, remedy }) => ({ file, code, what, remedy })),
    findings: check.findings,
  }
}

export type CheckJson = ReturnType<typeof toCheckJson>

function facts(photo: Photo) {
  const { file, sha256, widthPx, heightPx, camera, focalMm, focal35Mm, takenAt, gps, sharpness, meanLuma, clippedLow, clippedHigh } = photo
  return { file, sha256, widthPx, heightPx, camera, focalMm, focal35Mm, takenAt, gps, sharpness, meanLuma, clippedLow, clippedHigh }
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
