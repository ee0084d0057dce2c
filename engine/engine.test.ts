import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterEach, expect, test } from 'vitest'
import { type Change, calls } from '../core/contract.ts'
import type { Engine } from './engine.ts'
import { checked, fakeCheck, makePlace, open, type Place, runToEnd } from './run/fixtures/line.ts'
import type { CheckFolder } from './scans.ts'

const engines: Engine[] = []
const places: Place[] = []

async function begin(check: CheckFolder = fakeCheck): Promise<{ place: Place; engine: Engine }> {
  const place = makePlace()
  places.push(place)
  return { place, engine: await opened(place, check) }
}

async function opened(place: Place, check: CheckFolder = fakeCheck, kind: 'cli' | 'browser' = 'cli'): Promise<Engine> {
  const engine = await open(place, { check }, kind)
  engines.push(engine)
  return engine
}

afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close()
  for (const place of places.splice(0)) rmSync(place.root, { recursive: true, force: true })
})

const scanOf = async (engine: Engine, captureId: string) => (await engine.handlers['captures.get']({ captureId })).scan.kind

test('there is a handler for each call of the contract', async () => {
  const { engine } = await begin()
  expect(Object.keys(engine.handlers).sort()).toEqual(Object.keys(calls).sort())
})

test('a folder that is opened is scanned in the background; its photos and verdict are told, and it survives a restart', async () => {
  const { place, engine } = await begin()
  const heard: Change[] = []
  engine.subscribe((change) => heard.push(change))
  const { captureId } = await engine.handlers['captures.open']({ folder: place.photos })
  await expect.poll(() => scanOf(engine, captureId)).toBe('done')
  await expect.poll(() => heard.map((change) => change.kind)).toContain('verdict')
  expect(heard.flatMap((change) => (change.kind === 'photos' ? change.photos.map((photo) => photo.file) : []))).toEqual([
    'a.jpg',
    'b.jpg',
    'c.jpg',
    'd.jpg',
  ])
  expect((await engine.handlers['captures.open']({ folder: `${place.photos}/` })).captureId).toBe(captureId)
  await engine.close()
  const again = await opened(place)
  expect(await again.handlers['captures.get']({ captureId })).toMatchObject({
    photoCount: 4,
    verdict: { kind: 'ready' },
    photos: [{ file: 'a.jpg' }, {}, {}, {}],
  })
})

test('what a person leaves out stays left out after a second scan and a restart; removing is undone by restoring', async () => {
  const { place, engine } = await begin()
  const captureId = await checked(engine, place.photos)
  expect((await engine.handlers['captures.setUse']({ captureId, files: ['b.jpg'], use: false })).leftOut).toEqual(['b.jpg'])
  await checked(engine, place.photos)
  await engine.handlers['captures.rename']({ captureId, name: 'Jetty' })
  await engine.handlers['captures.remove']({ captureId })
  expect(await engine.handlers['captures.list']({})).toEqual([])
  expect((await engine.handlers['captures.restore']({ captureId })).name).toBe('Jetty')
  await engine.close()
  const again = await opened(place)
  expect((await again.handlers['captures.get']({ captureId })).leftOut).toEqual(['b.jpg'])
})

test('a scan that is stopped keeps what it read; one that fails says why', async () => {
  const slow: CheckFolder = async function* (folder, options, signal) {
    for await (const event of fakeCheck(folder, options, signal)) {
      if (event.kind === 'checked')
        await new Promise((_, reject) =>
          signal.aborted ? reject(new Error('aborted')) : signal.addEventListener('abort', () => reject(new Error('aborted'))),
        )
      yield event
    }
  }
  const { place, engine } = await begin(slow)
  const { captureId } = await engine.handlers['captures.open']({ folder: place.photos })
  await expect.poll(() => scanOf(engine, captureId)).toBe('scanning')
  await engine.handlers['captures.stopScan']({ captureId })
  expect(await engine.handlers['captures.get']({ captureId })).toMatchObject({
    scan: { kind: 'stopped', phase: 'photos', done: 4, total: 4 },
    photos: [{}, {}, {}, {}],
  })
  const failing: CheckFolder = async function* () {
    yield { kind: 'failed', problem: { code: 'intake/disk-gone', what: 'The card was removed.', remedy: 'Put it back.' } }
  }
  const other = await opened(place, failing)
  await other.handlers['captures.rescan']({ captureId })
  await expect
    .poll(async () => (await other.handlers['captures.get']({ captureId })).scan)
    .toMatchObject({ kind: 'failed', problem: { code: 'intake/disk-gone' } })
})

test('expected trouble is a Problem: no folder, no sample, unknown capture and run, no scene yet', async () => {
  const { place, engine } = await begin()
  const { handlers } = engine
  await expect(handlers['captures.open']({ folder: join(place.root, 'nowhere') })).rejects.toMatchObject({
    problem: { code: 'folder/missing' },
  })
  await expect(handlers['captures.open']({ folder: place.planFile })).rejects.toMatchObject({ problem: { code: 'folder/missing' } })
  await expect(handlers['captures.get']({ captureId: 'c-000000' })).rejects.toMatchObject({ problem: { code: 'capture/unknown' } })
  await expect(handlers['runs.get']({ runId: 'r-000000' })).rejects.toMatchObject({ problem: { code: 'run/unknown' } })
  await expect(handlers['scenes.ofRun']({ runId: 'r-000000' })).rejects.toMatchObject({ problem: { code: 'scene/none' } })
  await expect(handlers['scenes.openFile']({ path: '/x/y.txt' })).rejects.toMatchObject({ problem: { code: 'scene/format' } })
})

test('an artefact address leads to files of a run and to nothing outside it', async () => {
  const { place, engine } = await begin()
  const { runId } = await runToEnd(engine, await checked(engine, place.photos))
  expect(await engine.artefact(`run/${runId}/compression/scene.sog`)).toMatchObject({
    mime: 'application/octet-stream',
    bytes: expect.any(Number) as number,
  })
  expect(await engine.artefact(`run/${runId}/report.json`)).toMatchObject({ mime: 'application/json' })
  for (const name of ['a.png', 'b.png', 'c.png']) {
    mkdirSync(join(engine.runFolder(runId), '3dgs', 'heldout'), { recursive: true })
    writeFileSync(join(engine.runFolder(runId), '3dgs', 'heldout', name), name)
  }
  expect(await engine.artefact(`view/${runId}`)).toMatchObject({ file: expect.stringMatching(/b\.png$/) as string, mime: 'image/png' })
  writeFileSync(join(place.home, 'secret'), 'x')
  symlinkSync(join(place.home, 'secret'), join(engine.runFolder(runId), 'link'))
  mkdirSync(join(engine.runFolder(runId), 'folder'))
  for (const address of [
    '../secret',
    '..%2f..%2fsecret',
    'x/../../secret',
    'link',
    'folder',
    '',
    '/etc/passwd',
    './report.json',
    'report.json\0',
  ].map((end) => `run/${runId}/${end}`)) {
    expect(await engine.artefact(address), address).toMatchObject({ code: 'artefact/missing' })
  }
  for (const address of [
    '',
    'run',
    'run/../spaceport.db',
    'thumb/../../spaceport.db',
    `thumb/${'a'.repeat(64)}`,
    'scene/guessed/x.ply',
    'photo/c-000000/' + 'b'.repeat(64),
    'secret',
    'view/r-20260101-abcdef',
    `view/${runId}/..`,
  ]) {
    expect(await engine.artefact(address), address).toMatchObject({ code: 'artefact/missing' })
  }
})

test('a scene from disk is lent under an address that cannot be guessed', async () => {
  const { place, engine } = await begin()
  const file = join(place.root, 'a scene.compressed.ply')
  writeFileSync(file, 'ply')
  const { scene, cameras } = await engine.handlers['scenes.openFile']({ path: file })
  expect([scene.format, scene.name, scene.bytes, scene.runId, cameras]).toEqual(['compressed.ply', 'a scene.compressed.ply', 3, null, []])
  expect(scene.url).toMatch(/^scene\/[0-9a-f]{24}\/a scene\.compressed\.ply$/)
  expect(await engine.artefact(scene.url)).toMatchObject({ file, bytes: 3 })
})

test('a photo is shown upright, at most 1600 px, and made once', async () => {
  const { place, engine } = await begin()
  const pixels = sharp({ create: { width: 2000, height: 1000, channels: 3, background: '#456' } })
  writeFileSync(join(place.photos, 'a.jpg'), await pixels.jpeg().withMetadata({ orientation: 6 }).toBuffer())
  const captureId = await checked(engine, place.photos)
  const [photo] = (await engine.handlers['captures.get']({ captureId })).photos
  const shown = await engine.artefact(`photo/${captureId}/${photo?.sha256}`)
  if ('code' in shown) throw new Error(shown.what)
  expect(await sharp(shown.file).metadata()).toMatchObject({ width: 800, height: 1600, format: 'jpeg' })
  const before = readFileSync(shown.file)
  rmSync(join(place.photos, 'a.jpg'))
  expect(readFileSync(((await engine.artefact(`photo/${captureId}/${photo?.sha256}`)) as { file: string }).file).equals(before)).toBe(true)
})

test('settings are kept; a file that makes no sense is the defaults', async () => {
  const { place, engine } = await begin()
  await engine.handlers['app.saveSettings']({
    theme: 'dark',
    units: 'metric',
    threads: 1,
    notifications: false,
    preset: 'standard',
    cacheLimitGb: 20,
    bandwidth: { bytesPerS: 1_000_000, hours: { from: 8, to: 18 } },
    pauseOnBattery: true,
  })
  await engine.close()
  expect(await (await opened(place)).handlers['app.settings']({})).toEqual({
    theme: 'dark',
    units: 'metric',
    threads: 1,
    notifications: false,
    preset: 'standard',
    cacheLimitGb: 20,
    pauseOnBattery: true,
    bandwidth: { bytesPerS: 1_000_000, hours: { from: 8, to: 18 } },
  })
  writeFileSync(join(place.home, 'settings.json'), '{ not json')
  expect(await (await opened(place)).handlers['app.settings']({})).toMatchObject({ theme: 'system', threads: 0 })
})

test('changes come at most ten times a second: of a state only the newest, of a list all pieces in order', async () => {
  const { changeStream } = await import('./changes.ts')
  const { publish, subscribe, flush } = changeStream()
  const heard: Change[] = []
  const undo = subscribe((change) => heard.push(change))
  for (let count = 0; count < 50; count++)
    publish({ kind: 'photos', captureId: 'c-000001', photos: [], skipped: [{ file: `${count}`, code: '', what: '', remedy: '' }] })
  publish({ kind: 'capture-removed', captureId: 'c-000001' })
  publish({ kind: 'capture-removed', captureId: 'c-000001' })
  expect(heard).toEqual([])
  flush()
  expect(heard.map((change) => change.kind)).toEqual(['photos', 'capture-removed'])
  expect(heard[0]).toMatchObject({ skipped: { length: 50 } })
  undo()
  publish({ kind: 'capture-removed', captureId: 'c-000002' })
  flush()
  expect(heard).toHaveLength(2)
})
