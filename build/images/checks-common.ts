import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Bench, folders, run } from './bench.ts'
import { type Ended, must } from './kit.ts'

/** One thing that must hold of a built image; throws where it does not. */
export type Check = { readonly name: string; readonly holds: (bench: Bench) => Promise<void> | void }

/** The container ended with this code. */
export function exitIs(ended: Ended, code: number): void {
  assert.equal(ended.code, code, `exit ${ended.code}, not ${code}: ${ended.err.trim().slice(-400)}`)
}

/** SageMaker reads these fields and nothing else before it starts a container. */
export const configured: Check = {
  name: 'is a single linux/amd64 image with an entry point in exec form, and runs as root',
  holds: (bench) => {
    const [image] = JSON.parse(must(bench.kit, 'podman', ['image', 'inspect', bench.image]))
    assert.equal(`${image.Os}/${image.Architecture}`, 'linux/amd64')
    assert.ok(Array.isArray(image.Config.Entrypoint) && image.Config.Entrypoint.length > 1)
    assert.ok(!['/bin/sh', 'sh', 'bash'].includes(image.Config.Entrypoint[0]))
    assert.equal(image.Config.User ?? '', '')
  },
}

/** `settings`: where SageMaker puts the settings of this kind of job, below /opt/ml. */
export const refusesSettings = (settings: string, below: readonly string[]): Check => ({
  name: 'refuses an unknown setting with 64 and one line in SageMaker’s failure file',
  holds: (bench) => {
    const ml = folders(bench, 'wrong-settings', [...below, dirname(settings), 'output'])
    writeFileSync(join(ml, settings), '{"nonsense":"1"}')
    exitIs(run(bench, [`${ml}:/opt/ml`]), 64)
    const line = readFileSync(join(ml, 'output/failure'), 'utf8')
    assert.match(line, /^run\/settings: .*nonsense/)
    assert.ok(!line.includes('\n') && line.length <= 1024)
  },
})

/** The settings of a Processing job. */
export const refusesProcessingSettings = refusesSettings('processing/input/settings/settings.json', ['processing/output'])
