import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { presets } from '../../core/run/settings.ts'
import type { Engine } from '../engine.ts'
import { takeLock } from '../lock.ts'
import { checked, makePlace, open, type Place, type Plan, quick, runToEnd, toEnd, until } from '../run/fixtures/line.ts'
import { checksLock, convertedLock } from './cache.ts'
import { shareLock } from './shared-lock.ts'

const engines: Engine[] = []
const places: Place[] = []

async function begin(plan: Plan = {}): Promise<{ place: Place; engine: Engine; captureId: string }> {
  const place = makePlace(plan)
  places.push(place)
  const engine = await opened(place)
  return { place, engine, captureId: await checked(engine, place.photos) }
}

async function opened(place: Place): Promise<Engine> {
  const engine = await open(place)
  engines.push(engine)
  return engine
}

afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close()
  for (const place of places.splice(0)) rmSync(place.root, { recursive: true, force: true })
})

const stagesOf = (place: Place): readonly string[] => {
  const folder = join(place.home, 'cache', 'stages')
  return existsSync(folder)
    ? readdirSync(folder)
        .map((name) => name.replace(/-[0-9a-f]{32}/, ''))
        .toSorted()
    : []
}
const clear = async (engine: Engine, kinds: ('stages' | 'checks' | 'pictures')[]): Promise<number> =>
  (await engine.handlers['app.clearCache']({ kinds })).freedBytes

/** A stage's folder that no run in the library has anything to do with. */
function leftover(place: Place, name: string, bytes: number, usedAtS: number): string {
  const folder = join(place.home, 'cache', 'stages', name)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'points.bin'), Buffer.alloc(bytes))
  utimesSync(folder, usedAtS, usedAtS)
  return folder
}

test('stop and discard frees what the run made, in the cache and in its own folder; its log stays', async () => {
  const { place, engine, captureId } = await begin({ '3dgs': { steps: 1000, stepMs: 20 } })
  const { runId } = await engine.startRun(captureId, quick())
  await until(engine, runId, (event) => event.kind === 'line' && event.line.step === 'checkpoint')
  await engine.handlers['runs.stop']({ runId, keep: false })
  expect((await toEnd(engine, runId)).events.at(-1)).toMatchObject({ kind: 'stopped', kept: false })
  expect(stagesOf(place)).toEqual([])
  expect(readdirSync(engine.runFolder(runId)).toSorted()).toEqual(['logs', 'manifest.json', 'progress.jsonl'])
  expect((await engine.handlers['runs.get']({ runId })).state.checkpoints).toEqual([])
})

test('discarding a run leaves what another run works with', async () => {
  const { place, engine, captureId } = await begin()
  const first = await runToEnd(engine, captureId)
  place.plan({ '3dgs': { steps: 1000, stepMs: 20 } })
  const { runId } = await engine.startRun(captureId, quick({ train: { ...presets.preview.train, iterations: 900 } }))
  await until(engine, runId, (event) => event.kind === 'line' && event.line.step === 'checkpoint')
  await engine.handlers['runs.stop']({ runId, keep: false })
  await toEnd(engine, runId)
  expect(stagesOf(place)).toEqual(['3dgs', 'compression', 'sfm'])
  expect(await engine.handlers['runs.reusable']({ captureId, settings: quick() })).toEqual(['sfm', '3dgs', 'compression'])
  expect(existsSync(join(engine.runFolder(first.runId), '3dgs/scene.ply'))).toBe(true)
})

test('a run that a dead process left is discarded too, now or when a window next opens', async () => {
  const { place, engine, captureId } = await begin({ '3dgs': { steps: 1000, stepMs: 20 } })
  const { runId } = await engine.startRun(captureId, quick())
  await until(engine, runId, (event) => event.kind === 'line' && event.line.step === 'checkpoint')
  await engine.close()
  const other = await opened(place)
  expect(stagesOf(place)).toEqual(['3dgs.partial', 'sfm'])
  await other.handlers['runs.stop']({ runId, keep: false })
  expect((await other.handlers['runs.get']({ runId })).state).toMatchObject({ kind: 'stopped', kept: false })
  expect(stagesOf(place)).toEqual([])
})

test('clearing keeps what an unfinished run needs, and tells the bytes that the disk won', async () => {
  const { place, engine, captureId } = await begin({ '3dgs': { steps: 1000, stepMs: 20 } })
  const { runId } = await engine.startRun(captureId, quick())
  await until(engine, runId, (event) => event.kind === 'line' && event.line.step === 'checkpoint')
  const gone = leftover(place, `sfm-${'a'.repeat(32)}`, 5000, 1000)
  const before = await engine.handlers['app.cacheUse']({})
  expect(before.kinds.find((one) => one.kind === 'stages')?.freeableBytes).toBe(5000)
  expect(await clear(engine, ['stages'])).toBe(5000)
  expect(existsSync(gone)).toBe(false)
  await engine.close()
  const other = await opened(place)
  await clear(other, ['stages'])
  expect(stagesOf(place)).toEqual(['3dgs.partial', 'sfm'])
  place.plan({ '3dgs': { steps: 1000, stepMs: 0 } })
  await other.handlers['runs.resume']({ runId })
  expect((await toEnd(other, runId)).events.at(-1)?.kind).toBe('done')
})

test('beyond the limit the least recently used goes when a run has ended; what the library shows stays whole', async () => {
  const { place, engine, captureId } = await begin()
  const settings = await engine.handlers['app.settings']({})
  await engine.handlers['app.saveSettings']({ ...settings, cacheLimitGb: 1 })
  const [older, newer] = [leftover(place, `sfm-${'a'.repeat(32)}`, 0, 1000), leftover(place, `sfm-${'b'.repeat(32)}`, 0, 2000)]
  // Files of a size without content: 0.6 GB each, no byte on the disk.
  for (const folder of [older, newer]) (await import('node:fs')).truncateSync(join(folder, 'points.bin'), 6e8)
  for (const [folder, at] of [
    [older, 1000],
    [newer, 2000],
  ] as const)
    utimesSync(folder, at, at)
  const { runId } = await runToEnd(engine, captureId)
  await expect.poll(() => existsSync(older)).toBe(false)
  expect(existsSync(newer)).toBe(true)
  expect(readFileSync(join(engine.runFolder(runId), '3dgs/scene.ply'), 'utf8')).toMatch(/^ply /)
})

test("while a check is under way its caches stay; afterwards they go, the library's thumbnails never", async () => {
  const { place, engine, captureId } = await begin()
  const sha256 = (await engine.handlers['captures.get']({ captureId })).photos[0]?.sha256 ?? ''
  const file = (folder: string, name: string): string => {
    mkdirSync(join(place.home, 'cache', folder), { recursive: true })
    writeFileSync(join(place.home, 'cache', folder, name), 'cached')
    return join(place.home, 'cache', folder, name)
  }
  const [feature, mine, other] = [file('features', sha256), file('thumbs', `${sha256}.jpg`), file('thumbs', `${'0'.repeat(64)}.jpg`)]
  const check = shareLock(place.home, checksLock)
  const second = shareLock(place.home, checksLock)
  expect(takeLock(place.home, checksLock)).toBeNull()
  expect(await clear(engine, ['checks'])).toBe(0)
  check.release()
  expect(await clear(engine, ['checks'])).toBe(0)
  second.release()
  expect(await clear(engine, ['checks'])).toBe(12)
  expect([feature, mine, other].map((one) => existsSync(one))).toEqual([false, true, false])
})

test('while photos are being sent those that were converted for it stay, whatever the limit; afterwards they go', async () => {
  const { place, engine } = await begin()
  const settings = await engine.handlers['app.settings']({})
  const file = (folder: string, name: string): string => {
    mkdirSync(join(place.home, 'cache', folder), { recursive: true })
    writeFileSync(join(place.home, 'cache', folder, name), 'a picture')
    return join(place.home, 'cache', folder, name)
  }
  const [converted, shrunk] = [file('derived', `${'a'.repeat(64)}.jpg`), file('pictures', `${'a'.repeat(64)}.jpg`)]
  const sending = shareLock(place.home, convertedLock)
  const use = await engine.handlers['app.cacheUse']({})
  expect(use.kinds.find((one) => one.kind === 'pictures')).toMatchObject({ bytes: 18, freeableBytes: 9 })
  expect(await clear(engine, ['pictures'])).toBe(9)
  expect([converted, shrunk].map((one) => existsSync(one))).toEqual([true, false])
  // Files of a size without content, beyond the limit.
  ;(await import('node:fs')).truncateSync(converted, 2e9)
  await engine.handlers['app.saveSettings']({ ...settings, cacheLimitGb: 1 })
  await engine.close()
  expect(existsSync(converted)).toBe(true)
  sending.release()
  expect(await clear(await opened(place), ['pictures'])).toBe(2e9)
  expect(existsSync(converted)).toBe(false)
})
