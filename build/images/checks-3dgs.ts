import assert from 'node:assert/strict'
import { cpSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Bench, folders, json, reached, run, samplePhotos, stopWhen } from './bench.ts'
import { buildImage, holds, tagFor } from './build.ts'
import { type Check, configured, exitIs, refusesSettings } from './checks-common.ts'
import { must } from './kit.ts'
import { gpuArchitectures, recipes } from './recipes.ts'

const hyperparameters = 'input/config/hyperparameters.json'
const jobFolders = ['input/config', 'input/data/sfm', 'model', 'checkpoints', 'output']
const isPly = (file: string): boolean => readFileSync(file).subarray(0, 4).toString() === 'ply\n'

/** A Training job's folders below the bench, with a model that the sfm image made of the sample. */
function trainingJob(bench: Bench, name: string, settings: Readonly<Record<string, string>>): string {
  const ml = folders(bench, name, jobFolders)
  cpSync(sparseModel(bench), join(ml, 'input/data/sfm'), { recursive: true })
  writeFileSync(join(ml, hyperparameters), JSON.stringify(settings))
  return ml
}

function sparseModel(bench: Bench): string {
  const out = join(bench.folder, 'model', 'out')
  if (existsSync(join(out, 'outcome.json'))) return out
  const tag = tagFor(bench.kit, recipes.sfm)
  const image = holds(bench.kit, tag) ? tag : buildImage(bench.kit, recipes.sfm)
  const at = folders(bench, 'model', ['out'])
  samplePhotos(bench.kit, join(at, 'in'), 8)
  exitIs(run({ ...bench, image }, [`${at}:/job`], ['--in', '/job/in', '--out', '/job/out']), 0)
  return out
}

/** Runs Python inside the image instead of the stage. */
const python = (bench: Bench, code: string) => run(bench, [], ['-c', code], ['--entrypoint', '/opt/venv/bin/python'])

/** What must hold of the GPU image on a machine without a GPU. */
export const splatChecks: readonly Check[] = [
  configured,
  refusesSettings(hyperparameters, jobFolders),
  {
    name: 'has gsplat compiled ahead of time for the architectures asked for, and no compiler that could do it at run time',
    holds: (bench) => {
      const code = [
        'import sys, shutil, torch; sys.path[:0] = ["/opt/spaceport/3dgs", "/opt/spaceport"]',
        'import cubins, cuda_engine; from gsplat import csrc',
        'assert not any(map(shutil.which, ("nvcc", "g++", "c++"))), "a compiler"',
        'print(cubins.architectures(cuda_engine.compiled_part()[0])); print(open("/opt/spaceport/cubins.txt").read())',
      ]
      const ended = python(bench, code.join('\n'))
      exitIs(ended, 0)
      const [read = '', ...listed] = ended.out.trim().split('\n')
      const wanted = gpuArchitectures.split(';').map((one) => Number(one.replace('.', '')))
      assert.deepEqual(JSON.parse(read), wanted)
      const byTool = listed.map((line) => Number(/\.sm_(\d+)\.cubin$/.exec(line)?.[1]))
      assert.deepEqual(
        [...new Set(byTool)].sort((one, other) => one - other),
        wanted,
      )
    },
  },
  {
    name: '`train check` says by name that there is no GPU, with 69 and SageMaker’s failure file',
    holds: (bench) => {
      const ml = folders(bench, 'check', jobFolders)
      const ended = run(bench, [`${ml}:/opt/ml`], ['train', 'check'])
      exitIs(ended, 69)
      assert.match(JSON.parse(ended.out).what, /torch finds no GPU/)
      assert.match(readFileSync(join(ml, 'output/failure'), 'utf8'), /^setup\/no-gpu: /)
    },
  },
  {
    name: 'never trains on the CPU where a GPU was promised',
    holds: (bench) => {
      const ml = trainingJob(bench, 'promised', { engine: 'cuda' })
      exitIs(run(bench, [`${ml}:/opt/ml`], ['train']), 69)
      assert.equal(json(ml, 'model/failure.json').code, 'setup/no-gpu')
    },
  },
  {
    name: 'trains in a Training job’s folders with settings as text, without network, read-only, in 3 GB',
    holds: (bench) => {
      const ml = trainingJob(bench, 'train', { engine: 'cpu', iterations: '60', longSidePx: '240', cap: '4000' })
      exitIs(run(bench, [`${ml}:/opt/ml`], ['train']), 0)
      assert.equal(json(ml, 'model/outcome.json').kind, 'done')
      assert.ok(isPly(join(ml, 'model/scene.ply')))
    },
  },
  {
    name: 'stops on SIGTERM with a checkpoint and a viewable scene, and goes on from there',
    holds: async (bench) => {
      const settings = { engine: 'cpu', iterations: '100000', longSidePx: '240', cap: '4000', checkpointEvery: '100' }
      const ml = trainingJob(bench, 'stop', settings)
      const out = join(ml, 'model')
      assert.equal(await stopWhen(bench, [`${ml}:/opt/ml`], ['train'], () => reached(out, 'train', 150)), 0)
      assert.equal(json(out, 'outcome.json').kind, 'stopped')
      assert.ok(isPly(join(out, 'scene.ply')))
      const kept = json(out, 'metrics.json').iterations as number
      assert.ok(readdirSync(join(ml, 'checkpoints')).some((name) => name === `${String(kept).padStart(6, '0')}.npz`))
      const restored = trainingJob(bench, 'resume', settings)
      cpSync(join(ml, 'checkpoints'), join(restored, 'checkpoints'), { recursive: true })
      const again = join(restored, 'model')
      const code = await stopWhen(bench, [`${restored}:/opt/ml`], ['train'], () => reached(again, 'train', kept))
      assert.equal(code, 0)
      assert.ok((json(again, 'metrics.json').iterations as number) >= kept)
    },
  },
  {
    name: 'holds the torch engine and gsplat’s own Python to the CPU engine (pytest inside the image, on the CPU)',
    holds: (bench) => {
      const site = must(bench.kit, join(bench.kit.root, '.venv/bin/python'), [
        '-c',
        'import pytest, pathlib; print(pathlib.Path(pytest.__file__).parent.parent)',
      ]).trim()
      // pytest and what it needs are pure Python: lent by this machine instead of being shipped.
      const lent = ['pytest', '_pytest', 'pluggy', 'iniconfig', 'packaging', 'pygments', 'py.py'].map(
        (name) => `${site}/${name}:/lent/${name}:ro`,
      )
      const files = ['torch_engine', 'gsplat', 'moves', 'cuda_engine'].map((name) => `/src/3dgs/test_${name}.py`)
      const args = ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', ...files]
      const more = ['--entrypoint', '/opt/venv/bin/python', '-e', 'PYTHONPATH=/lent', '-e', 'PYTHONDONTWRITEBYTECODE=1']
      const ended = run(bench, [...lent, `${join(bench.kit.root, 'containers')}:/src:ro`], args, more)
      assert.equal(ended.code, 0, ended.out.slice(-1500))
      assert.doesNotMatch(ended.out, /skipped/)
    },
  },
]
