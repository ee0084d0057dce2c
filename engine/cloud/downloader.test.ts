import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { wasmChecksums } from './checksums.ts'
import { downloadReceipts } from './download-receipts.ts'
import { download } from './downloader.ts'
import type { DownloadItem } from './receive-file.ts'
import { targetName } from './target.ts'
import { noise } from './testing/capture.ts'
import { openStand, type Stand, told } from './testing/stand.ts'
import { until } from './testing/until.ts'
import { prepareServer } from './testing/versitygw.ts'

const mib = 1024 * 1024
const missing = prepareServer()
const now = () => new Date()

describe.skipIf(missing !== null)(`downloads from versitygw${missing ? ` (left out: ${missing})` : ''}`, { timeout: 120_000 }, () => {
  let stand: Stand
  beforeEach(async () => {
    stand = await openStand()
  })
  afterEach(() => stand.close())

  const sha = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
  const store = async (name: string, bytes: Buffer, replaces: string | null = null) => {
    await stand.store.put(`t/acme/runs/r-1/${name}`, { bytes, sha256: sha(bytes), crc64: (await wasmChecksums()).crc64(bytes) }, replaces)
  }
  const item = (name: string, sha256?: string): DownloadItem => ({
    file: name,
    path: join(stand.folder, 'out', name),
    key: `t/acme/runs/r-1/${name}`,
    ...(sha256 ? { sha256 } : {}),
  })
  const fetchAll = (items: readonly DownloadItem[], signal?: AbortSignal) =>
    stand.transfer((either) => download(items, stand.target, { db: stand.db, now }, either), signal)
  /**
   * Fetches until exactly `bytes` of the file are recorded as come, then stops: what lies behind them is never answered, so that nothing depends on
   * how fast this machine is.
   */
  const fetchSome = async (one: DownloadItem, bytes: number) => {
    stand.proxy.plan = ({ method, from }) => (method === 'GET' && from >= bytes ? { kind: 'black-hole' } : null)
    const stop = new AbortController()
    const receipts = downloadReceipts(stand.db, targetName(stand.target), now)
    const fetched = told(fetchAll([one], stop.signal))
    await until(() => receipts.find(one.path)?.offset === bytes)
    stop.abort()
    const ended = await fetched
    await stand.proxy.cut()
    stand.proxy.plan = () => null
    return ended
  }
  const isWhole = (one: DownloadItem, bytes: Buffer) => readFileSync(one.path).equals(bytes) && !existsSync(`${one.path}.part`)

  test('files arrive byte for byte under their names, an empty one too; a second fetch moves nothing', async () => {
    const files = new Map([
      ['scene.sog', noise(20 * mib + 9, 1)],
      ['logs/sfm.txt', noise(1234, 2)],
      ['empty', Buffer.alloc(0)],
    ])
    for (const [name, bytes] of files) await store(name, bytes)
    const items = [...files.keys()].map((name) => item(name))
    const first = await told(fetchAll(items))
    expect(first.ledger).toMatchObject({ state: 'done', files: { verified: 3, there: 0 }, bytes: { twice: 0, moved: 20 * mib + 9 + 1234 } })
    for (const one of items) expect(isWhole(one, files.get(one.file) as Buffer)).toBe(true)
    expect((await told(fetchAll(items))).ledger).toMatchObject({ state: 'done', files: { there: 3 }, bytes: { moved: 0 } })
  })

  test('a stopped download goes on behind what has come', async () => {
    const bytes = noise(20 * mib, 3)
    await store('scene.ply', bytes)
    const one = item('scene.ply', sha(bytes))
    const first = await fetchSome(one, 8 * mib)
    expect(first.events.at(-1)?.kind).toBe('stopped')
    const second = await told(fetchAll([one]))
    expect(second.ledger.state).toBe('done')
    expect(second.ledger.bytes.moved).toBe(12 * mib)
    expect(isWhole(one, bytes)).toBe(true)
  })

  test('an object that is replaced while it comes is fetched anew, whole', async () => {
    const [old, fresh] = [noise(20 * mib, 4), noise(17 * mib, 5)]
    await store('scene.ply', old)
    const one = item('scene.ply')
    let replacing: Promise<void> | undefined
    stand.proxy.plan = async ({ method, from }) => {
      if (method === 'GET' && from >= 8 * mib) await (replacing ??= replace())
      return null
    }
    const replace = async () => await store('scene.ply', fresh, (await stand.store.head(one.key))?.etag ?? '')
    const { events, ledger } = await told(fetchAll([one]))
    expect(events.some((event) => event.kind === 'restarted')).toBe(true)
    expect(ledger.state).toBe('done')
    expect(isWhole(one, fresh)).toBe(true)
  })

  test('broken connections and throttling are tried again', async () => {
    const bytes = noise(20 * mib, 6)
    await store('scene.ply', bytes)
    const one = item('scene.ply')
    let asked = 0
    stand.proxy.plan = ({ method }) => {
      if (method !== 'GET') return null
      asked++
      return asked === 1 ? { kind: 'drop-answer' } : asked === 2 ? { kind: 'answer', status: 503, code: 'SlowDown' } : null
    }
    const { ledger } = await told(fetchAll([one]))
    expect(ledger).toMatchObject({ state: 'done', retries: 2 })
    expect(isWhole(one, bytes)).toBe(true)
  })

  test('what the disk lost is noticed before the file takes its name', async () => {
    const bytes = noise(20 * mib, 6)
    await store('scene.ply', bytes)
    const one = item('scene.ply')
    await fetchSome(one, 8 * mib)
    // A power cut: the length is there, the bytes are not.
    const part = `${one.path}.part`
    const size = statSync(part).size
    truncateSync(part, 0)
    truncateSync(part, size)
    expect((await told(fetchAll([one]))).events.at(-1)).toMatchObject({ kind: 'failed', problem: { code: 'upload/spoilt' } })
    expect(existsSync(one.path)).toBe(false)
    expect((await told(fetchAll([one]))).ledger.state).toBe('done')
    expect(isWhole(one, bytes)).toBe(true)
  })

  test('an object that is not there, and a folder that cannot be written, are problems with a remedy', async () => {
    expect((await told(fetchAll([item('nothing')]))).events.at(-1)).toMatchObject({ kind: 'failed', problem: { code: 'download/absent' } })
    await store('a', noise(10, 1))
    writeFileSync(join(stand.folder, 'file'), '')
    const odd = { ...item('a'), path: join(stand.folder, 'file', 'a') }
    expect((await told(fetchAll([odd]))).events.at(-1)).toMatchObject({ kind: 'failed', problem: { code: 'disk/read-only' } })
  })
})
