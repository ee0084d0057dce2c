import assert from 'node:assert/strict'
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { folders, json, reached, run, samplePhotos, stopWhen } from './bench.ts'
import { type Check, configured, exitIs, refusesProcessingSettings } from './checks-common.ts'
import { must } from './kit.ts'

/** What must hold of the sfm image. */
export const sfmChecks: readonly Check[] = [
  configured,
  refusesProcessingSettings,
  {
    name: 'reconstructs photos in a Processing job’s folders, without network, read-only, in 3 GB',
    holds: (bench) => {
      const ml = folders(bench, 'sfm', ['processing/output', 'output'])
      samplePhotos(bench.kit, join(ml, 'processing/input'), 6)
      exitIs(run(bench, [`${ml}:/opt/ml`]), 0)
      assert.equal(json(ml, 'processing/output/outcome.json').kind, 'done')
      assert.equal(readdirSync(join(ml, 'processing/output/images')).length, 6)
      assert.ok(statSync(join(ml, 'processing/output/sparse/0/points3D.bin')).size > 10_000)
    },
  },
  {
    name: 'does the same by flags, with SageMaker’s extra argument, as another user than root',
    holds: (bench) => {
      const at = folders(bench, 'sfm-flags', ['out'])
      samplePhotos(bench.kit, join(at, 'in'), 4)
      must(bench.kit, 'chmod', ['-R', 'a+rwX', at])
      const args = ['train', '--in', '/job/in', '--out', '/job/out']
      exitIs(run(bench, [`${at}:/job`], args, ['--user', '65534:65534']), 0)
      assert.equal(json(at, 'out/outcome.json').kind, 'done')
    },
  },
  {
    name: 'ends with 65 where no photo can be read',
    holds: (bench) => {
      const at = folders(bench, 'sfm-broken', ['out'])
      samplePhotos(bench.kit, join(at, 'in'), 4)
      for (const name of readdirSync(join(at, 'in/photos'))) writeFileSync(join(at, 'in/photos', name), 'not a photo')
      exitIs(run(bench, [`${at}:/job`], ['--in', '/job/in', '--out', '/job/out']), 65)
      assert.match(json(at, 'out/failure.json').code, /^run\//)
    },
  },
  {
    name: 'says by name that the memory is used up where 110 MB are all there is',
    holds: (bench) => {
      const ml = folders(bench, 'sfm-memory', ['processing/output', 'output'])
      samplePhotos(bench.kit, join(ml, 'processing/input'), 6)
      exitIs(run(bench, [`${ml}:/opt/ml`], [], ['--memory', '110m', '--memory-swap', '110m']), 70)
      assert.match(readFileSync(join(ml, 'output/failure'), 'utf8'), /^run\/memory: /)
    },
  },
  {
    name: 'stops on SIGTERM with its database kept',
    holds: async (bench) => {
      const at = folders(bench, 'sfm-stop', ['out'])
      samplePhotos(bench.kit, join(at, 'in'), 26)
      const args = ['--in', '/job/in', '--out', '/job/out']
      const code = await stopWhen(bench, [`${at}:/job`], args, () => reached(join(at, 'out'), 'features', 1))
      assert.equal(code, 0)
      assert.equal(json(at, 'out/outcome.json').kind, 'stopped')
      assert.ok(readdirSync(join(at, 'out/work')).length > 0)
    },
  },
]
