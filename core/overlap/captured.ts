import { isNullIsland } from '../capture/check-gps.ts'
import type { Finding } from '../capture/finding.ts'
import type { GpsFix, Photo } from '../capture/photo.ts'
import type { Forecast } from './graph.ts'

/** What coverage and re-shoot plan follow from. */
export type Captured = {
  readonly photos: readonly Photo[]
  readonly findings: readonly Finding[]
  readonly forecast: Forecast | null
}

// A photo that is likelier lost than not covers nothing.
const counts = 0.5
/** The photos that count: those that should register. */
export function registering({ photos, forecast }: Captured): readonly Photo[] {
  if (!forecast) return photos
  const odds = new Map(forecast.photos.map((each) => [each.file, each.registers]))
  return photos.filter(({ file }) => (odds.get(file) ?? 0) >= counts)
}

/** Positions that no finding doubts, by file. */
export function trustedFixes({ photos, findings }: Pick<Captured, 'photos' | 'findings'>): ReadonlyMap<string, GpsFix> {
  const doubted = new Set(findings.filter(({ code }) => code === 'photo/gps-outlier').flatMap(({ files }) => files))
  return new Map(photos.flatMap(({ file, gps }) => (gps && !doubted.has(file) && !isNullIsland(gps) ? [[file, gps] as const] : [])))
}
