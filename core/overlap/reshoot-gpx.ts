import { escapeXml as e } from '../capture/escape.ts'
import type { ReshootPlan } from './reshoot-plan.ts'
import { howTo, nameOf, sentence, whereIs } from './reshoot-words.ts'

/** The positions with coordinates as GPX 1.1 waypoints, in the order to fly. */
export function toGpx(plan: ReshootPlan, title: string): string {
  const points = plan.positions.flatMap((position) => {
    const { at, altM, kind } = position
    if (!at) return []
    const why = [position.reason, sentence(position.words), whereIs(position, plan.accuracyM)].join(' ')
    const elevation = altM === null ? '' : `<ele>${altM.toFixed(2)}</ele>`
    return [
      `<wpt lat="${at.lat.toFixed(8)}" lon="${at.lon.toFixed(8)}">${elevation}<name>${e(nameOf(position))}</name><cmt>${e(howTo(position))}</cmt><desc>${e(why)}</desc><type>${kind}</type></wpt>\n`,
    ]
  })
  return `<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="Spaceport" xmlns="http://www.topografix.com/GPX/1/1">
<metadata><name>Re-shoot plan</name><desc>${e(title)}</desc></metadata>
${points.join('')}</gpx>
`
}
