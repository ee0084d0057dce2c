import { createHash } from 'node:crypto'
import type * as fs from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { wasmChecksums } from './checksums.ts'
import { download } from './downloader.ts'
import { noise } from './testing/capture.ts'
import { openStand, type Stand, told } from './testing/stand.ts'
import { prepareServer } from './testing/versitygw.ts'

const missing = prepareServer()
const deeds: string[] = []

// The system's own calls, each noted and then done.
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof fs>()
  const open: typeof real.open = async (...given) => {
    const file = await real.open(...given)
    const sync = file.sync.bind(file)
    file.sync = async () => (deeds.push(`sync ${String(given[0])}`), await sync())
    return file
  }
  const rename: typeof real.rename = async (from, to) => (deeds.push(`rename ${String(from)}`), await real.rename(from, to))
  return { ...real, open, rename }
})

describe.skipIf(missing !== null)(`a file takes its name${missing ? ` (left out: ${missing})` : ''}`, { timeout: 120_000 }, () => {
  let stand: Stand
  beforeEach(async () => {
    stand = await openStand()
  })
  afterEach(() => stand.close())

  test('only after the disk was asked to keep every byte of it', async () => {
    const bytes = noise(100_000, 1)
    const [key, path] = ['t/acme/runs/r-1/scene.sog', join(stand.folder, 'out', 'scene.sog')]
    await stand.store.put(
      key,
      { bytes, sha256: createHash('sha256').update(bytes).digest('hex'), crc64: (await wasmChecksums()).crc64(bytes) },
      null,
    )
    const { ledger } = await told(
      stand.transfer((signal) =>
        download([{ file: 'scene.sog', path, key }], stand.target, { db: stand.db, now: () => new Date() }, signal),
      ),
    )
    expect(ledger.state).toBe('done')
    expect(deeds.filter((deed) => deed.includes(path))).toEqual([`sync ${path}.part`, `rename ${path}.part`])
  })
})
