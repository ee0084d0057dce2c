import type { Checked } from './checked.ts'
import { escapeXml } from './escape.ts'
import { isNullIsland } from './check-gps.ts'
import type { GpsFix } from './photo.ts'
import { names } from './words.ts'

type Placemark = { readonly name: string; readonly why: string; readonly at: GpsFix }

/** The weak places as KML placemarks: bridges, the gaps between islands, photos that join nothing. A document without any where there is no GPS. */
export function toKml(check: Checked): string {
  const fixes = fixesOf(check)
  const placemarks = [...bridgeMarks(check, fixes), ...gapMarks(check, fixes), ...unlinkedMarks(check, fixes)]
  const body = placemarks.map((mark, i) => placemarkXml({ ...mark, name: `${i + 1} ${mark.name}` })).join('')
  return `<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">\n<Document>\n<name>Re-shoot plan</name>\n<description>${escapeXml(check.folder)}</description>\n${body}</Document>\n</kml>\n`
}

function placemarkXml({ name, why, at }: Placemark): string {
  const height = at.altM === null ? '' : `,${at.altM.toFixed(1)}`
  const mode = at.altM === null ? 'clampToGround' : 'absolute'
  return `<Placemark>\n<name>${escapeXml(name)}</name>\n<description>${escapeXml(why)}</description>\n<Point><altitudeMode>${mode}</altitudeMode><coordinates>${at.lon.toFixed(7)},${at.lat.toFixed(7)}${height}</coordinates></Point>\n</Placemark>\n`
}

/** Positions that no finding doubts. */
function fixesOf(check: Checked): ReadonlyMap<string, GpsFix> {
  const doubted = new Set(check.findings.filter(({ code }) => code === 'photo/gps-outlier').flatMap(({ files }) => files))
  const good = check.photos.filter(({ file, gps }) => gps !== null && !doubted.has(file) && !isNullIsland(gps))
  return new Map(good.map(({ file, gps }) => [file, gps as GpsFix]))
}

function middle(fixes: readonly GpsFix[]): GpsFix | null {
  if (fixes.length === 0) return null
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const heights = fixes.map(({ altM }) => altM).filter((altM) => altM !== null)
  return { lat: mean(fixes.map(({ lat }) => lat)), lon: mean(fixes.map(({ lon }) => lon)), altM: heights.length > 0 ? mean(heights) : null }
}

const known = (files: readonly string[], fixes: ReadonlyMap<string, GpsFix>): GpsFix[] =>
  files.map((file) => fixes.get(file)).filter((fix) => fix !== undefined)

function mark(name: string, why: string, at: GpsFix | null): readonly Placemark[] {
  return at ? [{ name, why, at }] : []
}

function bridgeMarks(check: Checked, fixes: ReadonlyMap<string, GpsFix>): readonly Placemark[] {
  return (check.forecast?.bridges ?? []).flatMap(({ photos }) =>
    mark(
      'Weak bridge',
      `Two parts hang together by ${names(photos)} alone. Take two or three more positions around here.`,
      middle(known(photos, fixes)),
    ),
  )
}

function gapMarks(check: Checked, fixes: ReadonlyMap<string, GpsFix>): readonly Placemark[] {
  const [largest, ...others] = check.forecast?.islands ?? []
  return others.flatMap((island) =>
    mark(
      'Gap between groups',
      `${names(island)} should be linked to the largest group: photos on the way between them should close it.`,
      middle(closest(known(largest ?? [], fixes), known(island, fixes))),
    ),
  )
}

function closest(a: readonly GpsFix[], b: readonly GpsFix[]): readonly GpsFix[] {
  let best: readonly GpsFix[] = []
  let least = Infinity
  for (const one of a) {
    for (const other of b) {
      const apart = Math.hypot(one.lat - other.lat, (one.lon - other.lon) * Math.cos((one.lat * Math.PI) / 180))
      if (apart < least) {
        least = apart
        best = [one, other]
      }
    }
  }
  return best
}

function unlinkedMarks(check: Checked, fixes: ReadonlyMap<string, GpsFix>): readonly Placemark[] {
  const files = check.findings.filter(({ code }) => code === 'photo/unlinked').flatMap((finding) => finding.files)
  return files.flatMap((file) =>
    mark(file, 'It joins nothing. Photos between here and the nearest others should link it.', fixes.get(file) ?? null),
  )
}
