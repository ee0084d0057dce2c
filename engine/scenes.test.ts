import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { home as layout, runFolder } from '../core/layout.ts'
import { sceneHandlers } from './scenes.ts'

const runId = 'r-000001'

/** A home with one run's folder holding these files. */
function runWith(files: Readonly<Record<string, string>>) {
  const home = mkdtempSync(join(tmpdir(), 'spaceport-scenes-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) {
    const file = join(home, layout.run(runId), name)
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(file, text)
  }
  const host = { kind: 'browser' as const, home, program: home, now: () => new Date(0), log: () => undefined }
  return sceneHandlers({ host, lend: (file) => file })['scenes.ofRun']({ runId })
}

test('a run that has previews only answers with the newest', async () => {
  const facts = await runWith({
    '3dgs/checkpoints/000020.ply': 'ply',
    '3dgs/checkpoints/002100.ply': 'ply\n',
    '3dgs/checkpoints/003000.npz': 'x',
  })
  expect(facts.scene).toEqual({
    name: '002100.ply',
    url: `run/${runId}/3dgs/checkpoints/002100.ply`,
    format: 'ply',
    bytes: 4,
    runId,
  })
  expect(facts.report).toBeNull()
})

test('a trained scene goes before its previews, a compressed one before both', async () => {
  const files = { '3dgs/checkpoints/000020.ply': 'ply', [runFolder.scenePly]: 'ply' }
  expect((await runWith(files)).scene.name).toBe('scene.ply')
  expect((await runWith({ ...files, [runFolder.sog]: 'PK' })).scene.name).toBe('scene.sog')
})

test('the files that can be handed on are named with their place, and none that is empty', async () => {
  const { files } = await runWith({ [runFolder.scenePly]: 'ply', [runFolder.sog]: 'PK', [runFolder.spz]: '' })
  expect(files.map(({ name, url, bytes }) => [name, url, bytes])).toEqual([
    ['scene.sog', `run/${runId}/${runFolder.sog}`, 2],
    ['scene.ply', `run/${runId}/${runFolder.scenePly}`, 3],
  ])
  expect(files.every(({ path }) => existsSync(path))).toBe(true)
})

test('a preview that is still empty is no scene', async () => {
  await expect(runWith({ '3dgs/checkpoints/000020.ply': '' })).rejects.toMatchObject({ problem: { code: 'scene/none' } })
})
