// node bench/forecast/fit.ts: fits the pair calibration on all sets of the captures folders and writes core/overlap/calibration-data.ts.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Calibration } from '../../core/overlap/calibration.ts'
import { calibrate, calibratePhotos } from './calibrate.ts'
import { capturesFolders, native, noCost, photosOf, root, samplesOf, type Sample } from './evidence.ts'
import { photoSamples, runsOf, type PhotoSample } from './rehearsals.ts'
import { readSets } from './truth.ts'

// Of this reconstruction, and no other, the numbers are a forecast.
const RECIPE = 'pycolmap-4.2.1 1600px 4096 octave-0'

const engine = native()
const cost = noCost()
const samples: Sample[] = []
const firstLooks: Sample[] = []
const photoRows: PhotoSample[] = []
for (const set of capturesFolders.flatMap(readSets)) {
  const photos = await photosOf(engine, set, cost)
  const own = samplesOf(engine, set, photos, cost)
  samples.push(...own)
  firstLooks.push(...samplesOf(engine, set, photos, cost, true))
  photoRows.push(...photoSamples(set, photos, runsOf(engine, set, photos, own).runs))
}
const list = (values: readonly number[]): string => `[${values.map((value) => value.toFixed(4)).join(', ')}]`
const written = (
  name: string,
  what: string,
  { recipe, probability, logInliers }: Calibration,
): string => `/** Made by \`node bench/forecast/fit.ts\` from ${samples.length} pairs${what}: do not edit. */
export const ${name}: Calibration = {
  recipe: '${recipe}',
  probability: ${list(probability)},
  logInliers: ${list(logInliers)},
}
`
const whole = calibrate(samples, RECIPE)
const first = calibrate(firstLooks, RECIPE)
writeFileSync(
  join(root, 'core', 'overlap', 'calibration-data.ts'),
  `import type { Calibration } from './calibration.ts'

${written('CALIBRATION', '', whole)}
${written('FIRST_CALIBRATION', ', of first looks', first)}`,
)
for (const { probability, logInliers } of [whole, first])
  console.log(`fitted on ${samples.length} pairs: probability ${list(probability)}, log inliers ${list(logInliers)}`)

const photoWeights = calibratePhotos(photoRows)
writeFileSync(
  join(root, 'core', 'overlap', 'rehearsal-data.ts'),
  `/** Made by \`node bench/forecast/fit.ts\` from ${photoRows.length} photos: do not edit. Weights on describePhoto() of core/overlap/rehearsal.ts. */
export const REHEARSAL_CALIBRATION: readonly number[] = ${list(photoWeights)}
`,
)
console.log(`fitted on ${photoRows.length} photos: ${list(photoWeights)}`)
