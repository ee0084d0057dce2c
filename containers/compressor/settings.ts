import { wrongSettings } from './problem.ts'

/** Settings of the stage. Bands: 0 to 3, or -1 for as many as the scene has and the time allows (`bands.ts`). */
export type Settings = {
  readonly shBands: number
  readonly sogIterations: number
  /** Least likeness of a decoded file to the scene, in dB; a file below it is a failure. */
  readonly leastPsnrDb: number
}

/**
 * One pass of k-means over the harmonics. Measured on 20k splats with band 1 (CPU s for the whole .sog): 1 pass 4.3,
 * 3 passes 4.9, 10 passes (the tool's default) 8.5; the same size to 0.1 %.
 */
export const DEFAULTS: Settings = { shBands: -1, sogIterations: 1, leastPsnrDb: 30 }

const RANGES: Record<keyof Settings, readonly [number, number, 'whole' | 'any']> = {
  shBands: [-1, 3, 'whole'],
  sogIterations: [1, 100, 'whole'],
  leastPsnrDb: [0, 100, 'any'],
}

/** Reads a JSON object whose values may be strings; unknown keys and wrong values throw a StageFailure 64. */
export function readSettings(document: unknown): Settings {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw wrongSettings('The settings are not a JSON object.')
  }
  const settings: { -readonly [K in keyof Settings]: number } = { ...DEFAULTS }
  for (const [key, value] of Object.entries(document)) {
    const name = key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
    if (!isKnown(name)) throw wrongSettings(`The setting '${key}' is not known. Known are: ${Object.keys(RANGES).join(', ')}.`)
    settings[name] = toNumber(key, value, RANGES[name])
  }
  return settings
}

function isKnown(name: string): name is keyof Settings {
  return Object.hasOwn(RANGES, name)
}

function toNumber(key: string, value: unknown, [least, most, kind]: readonly [number, number, 'whole' | 'any']): number {
  const number = typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN
  if (!(number >= least && number <= most) || (kind === 'whole' && !Number.isInteger(number))) {
    throw wrongSettings(`The setting '${key}' cannot be '${String(value)}': ${least} to ${most} is possible.`)
  }
  return number
}
