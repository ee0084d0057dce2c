import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { takePaths } from './drop.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'spaceport-drop-'))
  for (const one of ['a', 'b', 'imports']) await mkdir(path.join(folder, one))
  for (const file of ['a/DJI_0001.JPG', 'b/DJI_0001.JPG', 'scene.sog']) await writeFile(path.join(folder, file), file)
})
afterAll(async () => await rm(folder, { recursive: true }))

const at = (name: string) => path.join(folder, name)
const never = async () => await Promise.reject(new Error('nothing needs to be copied'))

it('a folder and a scene are used where they lie', async () => {
  expect(await takePaths([at('a')], never)).toEqual({ folder: at('a') })
  expect(await takePaths([at('scene.sog')], never)).toEqual({ scene: at('scene.sog') })
})

it('loose photos are gathered; two of one name both stay', async () => {
  expect(await takePaths([at('a/DJI_0001.JPG'), at('b/DJI_0001.JPG')], async () => at('imports'))).toEqual({ folder: at('imports') })
  expect((await readdir(at('imports'))).toSorted()).toEqual(['DJI_0001 (2).JPG', 'DJI_0001.JPG'])
})

it('nothing, a relative path or a path that is gone is a Problem', async () => {
  for (const paths of [[], ['a'], [at('gone')]]) expect(await takePaths(paths, never)).toMatchObject({ problem: { code: 'drop/empty' } })
})
