import type { Forecast } from '../overlap/graph.ts'
import { blurFindings } from './check-blur.ts'
import { captureFindings } from './check-capture.ts'
import { copyFindings } from './check-copies.ts'
import { cropFindings } from './check-crops.ts'
import { sessionFindings } from './check-sessions.ts'
import { forecastFindings } from './check-forecast.ts'
import { gpsFindings } from './check-gps.ts'
import { headerFindings } from './check-header.ts'
import { lightFindings } from './check-light.ts'
import type { Evidence } from './evidence.ts'
import type { Finding } from './finding.ts'
import { leftOutBy } from './left-out.ts'
import type { Skipped } from './photo.ts'

const rank = { error: 0, warning: 1, info: 2 } as const

/** Everything that is wrong or worth knowing, worst first. `now`: for dates in the future. `known`: the photos' own findings, where they are at hand; `skipped`: the files that are no photos. */
export function findingsOf(
  evidence: readonly Evidence[],
  forecast: Forecast | null,
  now: Date,
  known = photoFindings(evidence, now),
  skipped: readonly Skipped[] = [],
): readonly Finding[] {
  const aboutPhotos = [...known, ...cropFindings(evidence, forecast)]
  const usable = evidence.length - leftOutBy(aboutPhotos, evidence).length
  const photos = evidence.map(({ photo }) => photo)
  const found = [
    ...captureFindings(evidence.length, usable, skipped),
    ...sessionFindings(photos, forecast),
    ...forecastFindings(forecast, photos, aboutPhotos),
    ...aboutPhotos,
  ]
  return found.sort((a, b) => rank[a.severity] - rank[b.severity])
}

/** What the headers and pixels alone say; needs no forecast. */
export function photoFindings(evidence: readonly Evidence[], now: Date): readonly Finding[] {
  if (evidence.length === 0) return []
  const copies = copyFindings(evidence)
  // Copies of a photo have its position, as they should.
  const copied = new Set(copies.filter(({ code }) => code === 'photo/duplicate').flatMap(({ files }) => files))
  return [
    ...blurFindings(evidence),
    ...lightFindings(evidence),
    ...copies,
    ...gpsFindings(evidence, copied),
    ...headerFindings(evidence, now),
  ]
}
