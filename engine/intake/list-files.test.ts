import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { emptyFolder } from './check-fixture.ts'
import { listFiles } from './list-files.ts'

const never = new AbortController().signal
const names = async (folder: string) => (await listFiles(folder, never)).map(({ file }) => file)

test('names are relative, in one order, byte for byte; what systems leave behind is not listed', async () => {
  const folder = await emptyFolder()
  await mkdir(join(folder, 'b', 'Ünïcode ☂ 照片'), { recursive: true })
  await mkdir(join(folder, '.thumbnails'))
  for (const name of [
    'z.jpg',
    'A.jpg',
    'a.jpg',
    'b/1.jpg',
    'b/Ünïcode ☂ 照片/x y.jpg',
    'b/.DS_Store',
    'Thumbs.db',
    'thumbs.db',
    '._a.jpg',
    'desktop.ini',
    '.thumbnails/t.jpg',
    'it\'s "1" & <2>.jpg',
  ])
    await writeFile(join(folder, name), 'x')
  expect(await names(folder)).toEqual(['A.jpg', 'a.jpg', 'b/1.jpg', 'b/Ünïcode ☂ 照片/x y.jpg', 'it\'s "1" & <2>.jpg', 'z.jpg'])
})

test('a folder linked into itself ends, and a linked folder outside is listed once', async () => {
  const folder = await emptyFolder()
  const outside = await emptyFolder()
  await writeFile(join(outside, 'o.jpg'), 'x')
  await symlink(folder, join(folder, 'self'))
  await symlink(outside, join(folder, 'one'))
  await symlink(outside, join(folder, 'two'))
  await symlink('nowhere', join(folder, 'broken'))
  const listed = await listFiles(folder, never)
  expect(listed.map(({ file, unreadable }) => [file, unreadable])).toEqual([
    ['broken', true],
    ['one/o.jpg', false],
  ])
})

test('a stopped listing ends with the reason', async () => {
  await expect(listFiles(await emptyFolder(), AbortSignal.abort(new Error('enough')))).rejects.toThrow()
  const folder = await emptyFolder()
  await mkdir(join(folder, 'x'))
  await expect(listFiles(folder, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough')
})
