import { type Checked, codesByFile } from './checked.ts'
import type { Photo } from './photo.ts'

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
