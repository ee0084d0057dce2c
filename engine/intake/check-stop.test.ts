import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { check } from './check.ts'
import { captureFolder, checkAll, emptyFolder } from './check-fixture.ts'

test.skipIf(!captureFolder('brighton-beach'))(
  'a stopped check ends with the reason, and the next one goes on from there',
  { timeout: 120_000 },
  async () => {
    const folder = join(captureFolder('brighton-beach') as string, 'images')
    const home = await emptyFolder()
    const stop = new AbortController()
    let read = 0
    const run = async () => {
      for await (const event of check(
        folder,
        { cacheDir: home, thumbsDir: join(home, 'thumbs'), threads: 2, program: resolve(import.meta.dirname, '../..') },
        stop.signal,
      )) {
        if (event.kind === 'photo' && ++read === 5) {
          stop.abort(new Error('by the user'))
        }
      }
    }
    await expect(run()).rejects.toThrow('by the user')
    expect((await readdir(join(home, 'facts'))).length).toBeGreaterThanOrEqual(5)
    const { events } = await checkAll(folder, home)
    expect(events.filter(({ kind }) => kind === 'photo').length).toBe(18)
    // Files that a stopped worker was writing never show under their own name.
    for (const name of await readdir(join(home, 'thumbs'))) expect(name).toMatch(/^[0-9a-f]{64}\.jpg/)
  },
)
