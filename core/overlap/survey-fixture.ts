import { localPlane } from '../capture/local-plane.ts'
import { aPhoto } from '../capture/photo-fixture.ts'
import type { Photo } from '../capture/photo.ts'
import type { Forecast, Sketch } from './graph.ts'

const home = { lat: 50.8, lon: -0.1 }
export const surveyPlane = localPlane(home)

/** A photo looking straight down from 40 m: it sees 69 m by 52 m, the long way east and west. */
export function downPhoto(n: number, eastM: number, northM: number, other: Partial<Photo> = {}): Photo {
  return aPhoto(n, {
    gps: { ...surveyPlane.toLatLon(eastM, northM), altM: 111.2 },
    gimbal: { pitchDeg: -90, yawDeg: 0, rollDeg: 0 },
    relativeAltM: 40,
    ...other,
  })
}

export const forwardM = 15
export const sideM = 27

/** A flight in lines, 71 % forward and 61 % sideways overlap; `without` leaves photos out, by line and place. */
export function aSurvey(lines: number, each: number, without: (line: number, at: number) => boolean = () => false): readonly Photo[] {
  const photos: Photo[] = []
  for (let line = 0; line < lines; line++)
    for (let at = 0; at < each; at++)
      if (!without(line, at)) photos.push(downPhoto(line * each + at, line * sideM, (line % 2 ? each - 1 - at : at) * forwardM))
  return photos
}

/** A forecast in which every photo registers, in the given groups. */
export function holding(photos: readonly Photo[], groups: readonly (readonly string[])[] = [photos.map(({ file }) => file)]): Forecast {
  const home = new Map(groups.flatMap((group, island) => group.map((file) => [file, island] as const)))
  return {
    pairs: [],
    photos: photos.map(({ file }) => ({ file, registers: home.has(file) ? 0.99 : 0.02, island: home.get(file) ?? -1, links: 4 })),
    islands: groups,
    bridges: [],
    pairsTried: 100,
    pairsVerified: 90,
    rehearsals: 6,
    motion: 'good',
  }
}

/** The rehearsal's sketch of a survey: turned, scaled and shifted, ground points under it. */
export function sketchOf(photos: readonly Photo[], scale = 0.05): Sketch {
  const [c, s] = [Math.cos(0.7), Math.sin(0.7)]
  const turned = (x: number, y: number, z: number) => [scale * (c * x - s * z) + 3, scale * (s * x + c * z) - 1, scale * y + 2] as const
  const places = photos.map(({ gps, relativeAltM }) => [...surveyPlane.toMetres(gps ?? home), relativeAltM ?? 0] as const)
  const cameras = photos.map(({ file }, i) => {
    const [x, y, z] = places[i] as readonly [number, number, number]
    return { file, centre: turned(x, y, z), direction: [s, -c, 0] as const }
  })
  const points = places.flatMap(([x, y]) => [-20, 0, 20].flatMap((d) => turned(x + d, y - d / 2, (d % 7) / 20)))
  return { cameras, points }
}
