/** A plane that touches the earth at one place: metres east and north of it, and back to degrees. */
export type LocalPlane = {
  readonly toMetres: (fix: LatLon) => readonly [eastM: number, northM: number]
  readonly toLatLon: (eastM: number, northM: number) => LatLon
}

export type LatLon = { readonly lat: number; readonly lon: number }

// WGS 84: semi-major axis and first eccentricity squared.
const semiMajorM = 6_378_137
const eccentricity2 = 6.694_379_990_14e-3

/** The plane at a place; the radii of curvature of WGS 84 there make it true to a centimetre over a kilometre. */
export function localPlane({ lat, lon }: LatLon): LocalPlane {
  const phi = (lat * Math.PI) / 180
  const w2 = 1 - eccentricity2 * Math.sin(phi) ** 2
  const eastPerDegree = ((semiMajorM / Math.sqrt(w2)) * Math.cos(phi) * Math.PI) / 180
  const northPerDegree = ((semiMajorM * (1 - eccentricity2)) / w2 ** 1.5) * (Math.PI / 180)
  return {
    toMetres: (fix) => [(fix.lon - lon) * eastPerDegree, (fix.lat - lat) * northPerDegree],
    toLatLon: (eastM, northM) => ({ lat: lat + northM / northPerDegree, lon: lon + eastM / eastPerDegree }),
  }
}
