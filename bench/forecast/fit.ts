// node bench/forecast/fit.ts: fits pairs, first looks and photos on all sets of the captures folders and writes core/overlap/calibration-data.ts and rehearsal-data.ts.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Calibration } from '../../core/overlap/calibration.ts'
import { calibrate, calibratePhotos } from './calibrate.ts'
import { benchData } from './data.ts'
import { root } from './evidence.ts'

// Of this reconstruction, and no other, the numbers are a forecast.
const RECIPE = 'pycolmap-4.2.1 1600px 4096 octave-0'

const { samples, firstLooks, photos } = await benchData()
const list = (values: readonly number[]): string => `[${values.map((value) => Number(value.toFixed(4))).join(', ')}]`
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

const photoWeights = calibratePhotos(photos)
writeFileSync(
  join(root, 'core', 'overlap', 'rehearsal-data.ts'),
  `/** Made by \`node bench/forecast/fit.ts\` from ${photos.length} photos: do not edit. Weights on describePhoto() of core/overlap/rehearsal.ts. */
export const REHEARSAL_CALIBRATION: readonly number[] = ${list(photoWeights)}
`,
)
console.log(`fitted on ${photos.length} photos: ${list(photoWeights)}`)
