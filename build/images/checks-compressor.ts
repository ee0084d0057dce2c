import assert from 'node:assert/strict'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { madeUpPly } from '../../containers/compressor/made-up.ts'
import { folders, json, reached, run, stopWhen } from './bench.ts'
import { type Check, configured, exitIs, refusesProcessingSettings } from './checks-common.ts'
import { must } from './kit.ts'

/** What must hold of the compressor's image. */
export const compressorChecks: readonly Check[] = [
  configured,
  refusesProcessingSettings,
  {
    name: 'compresses a scene in a Processing job’s folders, without network, read-only, in 3 GB',
    holds: (bench) => {
      const ml = folders(bench, 'compress', ['processing/input/3dgs', 'processing/output', 'output'])
      writeFileSync(join(ml, 'processing/input/3dgs/scene.ply'), madeUpPly(3000, 1))
      exitIs(run(bench, [`${ml}:/opt/ml`], ['train']), 0)
      const { kind, files } = json(ml, 'processing/output/outcome.json')
      assert.equal(kind, 'done')
      for (const name of ['scene.sog', 'scene.spz']) assert.ok(files[name].bytes > 1000)
    },
  },
  {
    name: 'takes its settings as text from the environment, by flags, as another user than root',
    holds: (bench) => {
      const at = folders(bench, 'compress-flags', ['in/3dgs', 'out'])
      writeFileSync(join(at, 'in/3dgs/scene.ply'), madeUpPly(1000, 1))
      must(bench.kit, 'chmod', ['-R', 'a+rwX', at])
      const more = ['--user', '65534:65534', '-e', 'SPACEPORT_SETTINGS={"shBands":"0"}']
      exitIs(run(bench, [`${at}:/job`], ['--in', '/job/in', '--out', '/job/out'], more), 0)
      assert.equal(json(at, 'out/report.json').files['scene.sog'].bands, 0)
    },
  },
  {
    name: 'ends with 65 where the scene is damaged',
    holds: (bench) => {
      const at = folders(bench, 'compress-broken', ['in/3dgs', 'out'])
      writeFileSync(join(at, 'in/3dgs/scene.ply'), madeUpPly(1000, 1).subarray(0, 5000))
      exitIs(run(bench, [`${at}:/job`], ['--in', '/job/in', '--out', '/job/out']), 65)
      assert.equal(json(at, 'out/failure.json').code, 'run/scene')
    },
  },
  {
    name: 'ends with 73 where nothing can be written',
    holds: (bench) => {
      const at = folders(bench, 'compress-read-only', ['in/3dgs', 'out'])
      writeFileSync(join(at, 'in/3dgs/scene.ply'), madeUpPly(1000, 1))
      exitIs(run(bench, [`${at}/in:/job/in:ro`, `${at}/out:/job/out:ro`], ['--in', '/job/in', '--out', '/job/out']), 73)
    },
  },
  {
    name: 'stops on SIGTERM, with nothing half written',
    holds: async (bench) => {
      const at = folders(bench, 'compress-stop', ['in/3dgs', 'out'])
      writeFileSync(join(at, 'in/3dgs/scene.ply'), madeUpPly(200_000, 3))
      writeFileSync(join(at, 'in/settings.json'), '{"sogIterations":"100","shBands":"3"}')
      const args = ['--in', '/job/in', '--out', '/job/out', '--settings', '/job/in/settings.json']
      const code = await stopWhen(bench, [`${at}:/job`], args, () => reached(join(at, 'out'), 'sog', 0))
      assert.equal(code, 0)
      assert.equal(json(at, 'out/outcome.json').kind, 'stopped')
      assert.deepEqual(
        readdirSync(join(at, 'out')).filter((name) => name.includes('.part')),
        [],
      )
    },
  },
]
