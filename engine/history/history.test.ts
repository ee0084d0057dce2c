import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { Manifest } from '../../core/capture/manifest.ts'
import type { Photo } from '../../core/capture/photo.ts'
import { problemOf } from '../../core/problem.ts'
import { settingsOf } from '../../core/run/settings.ts'
import { StageLine } from '../../core/run/stage-line.ts'
import { captureStore, leftOutOf } from './captures.ts'
import { type Database, openDatabase } from './database.ts'
import { runStore } from './runs.ts'
import { type Foreign, watchOthers } from './watch.ts'

const now = (): Date => new Date('2026-11-24T08:00:00Z')
const open: Database[] = []
const homes: string[] = []

function newHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'spaceport-history-'))
  homes.push(home)
  return home
}

function opened(home: string): Database {
  const { db } = openDatabase(home, now)
  open.push(db)
  return db
}

afterEach(() => {
  for (const db of open.splice(0)) db.close()
  for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true })
})

function thrownBy(act: () => unknown): unknown {
  try {
    act()
  } catch (error) {
    return problemOf(error)
  }
  return null
}

const capture = {
  captureId: 'c-000001',
  folder: '/photos',
  name: 'Field',
  createdAt: '2026-11-24T08:00:00.000Z',
  scan: { kind: 'idle' },
} as const
const photo = (file: string): Photo => ({ file, sha256: file.padEnd(64, '0'), sizeBytes: 10 }) as unknown as Photo
const manifest: Manifest = { version: 1, captureId: 'c-000001', name: 'Field', folder: '/photos', createdAt: '', photos: [], pairs: null }
const row = {
  runId: 'r-000001',
  captureId: 'c-000001',
  createdAt: '2026-11-24T08:00:00.000Z',
  settings: settingsOf('preview'),
  outDir: null,
}

test('the tables are strict, the log is write-ahead, and a second opening changes nothing', () => {
  const home = newHome()
  const db = opened(home)
  expect(db.pragma('journal_mode', { simple: true })).toBe('wal')
  const tables = db
    .prepare("SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'")
    .all() as { name: string; strict: number }[]
  expect(tables.filter((one) => one.strict === 0)).toEqual([])
  const version = db.pragma('user_version', { simple: true })
  expect(opened(home).pragma('user_version', { simple: true })).toBe(version)
})

test('a database of a newer Spaceport is refused with a remedy, and is not touched', () => {
  const home = newHome()
  const db = openDatabase(home, now).db
  db.pragma('user_version = 9999')
  db.close()
  const before = readFileSync(join(home, 'spaceport.db'))
  expect(thrownBy(() => openDatabase(home, now))).toMatchObject({
    code: 'history/newer',
    remedy: expect.stringContaining('Update') as string,
  })
  expect(readFileSync(join(home, 'spaceport.db')).equals(before)).toBe(true)
  expect(readdirSync(home).filter((name) => name.includes('damaged'))).toEqual([])
})

test.each([
  ['not a database', () => Buffer.from('this is no database, but long enough to be looked at '.repeat(40))],
  ['pages overwritten', (whole: Buffer) => Buffer.concat([whole.subarray(0, 4096), Buffer.alloc(whole.length - 4096, 7)])],
])('a corrupt database (%s) is set aside whole, never deleted, and an empty one is started', (_, spoil) => {
  const home = newHome()
  const db = openDatabase(home, now).db
  captureStore(db, 'me').add(capture)
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.close()
  const file = join(home, 'spaceport.db')
  const spoilt = spoil(readFileSync(file))
  writeFileSync(file, spoilt)
  const again = openDatabase(home, now)
  open.push(again.db)
  expect(again.setAside).toMatchObject({ code: 'history/damaged' })
  const kept = readdirSync(home).filter((name) => name.endsWith('damaged-2026-11-24T08-00-00-000Z'))
  expect(kept).toHaveLength(1)
  expect(readFileSync(join(home, kept[0] ?? '')).equals(spoilt)).toBe(true)
  expect(captureStore(again.db, 'me').list()).toEqual([])
})

test('a home that is a file, or lies in a folder that cannot be written, is a Problem', () => {
  const home = newHome()
  writeFileSync(join(home, 'file'), '')
  expect(thrownBy(() => openDatabase(join(home, 'file'), now))).toMatchObject({ code: 'disk/read-only' })
})

test.skipIf(process.getuid?.() === 0)('a read-only home is a Problem (skipped as root: root writes everywhere)', () => {
  const home = newHome()
  mkdirSync(join(home, 'locked'))
  chmodSync(join(home, 'locked'), 0o500)
  expect(thrownBy(() => openDatabase(join(home, 'locked'), now))).toMatchObject({ code: 'disk/read-only' })
})

test('run events are append-only: neither changed nor deleted', () => {
  const db = opened(newHome())
  captureStore(db, 'me').add(capture)
  const runs = runStore(db, 'me')
  runs.add(row, manifest)
  runs.append('r-000001', [{ at: '2026-11-24T08:00:01.000Z', kind: 'started', where: 'local', resumed: false }])
  expect(() => db.prepare('UPDATE run_events SET event = 1').run()).toThrow(/append-only/)
  expect(() => db.prepare('DELETE FROM run_events').run()).toThrow(/append-only/)
})

test('the state of a run is replayed from its events, also after a restart, also when it is resumed after its end', () => {
  const home = newHome()
  const db = opened(home)
  captureStore(db, 'me').add(capture)
  const runs = runStore(db, 'me')
  runs.add(row, manifest)
  const at = '2026-11-24T08:00:01.000Z'
  const line = StageLine.parse({ at, stage: '3dgs', step: 'train', done: 10, total: 20, unit: 'iterations', metrics: { loss: 0.5 } })
  runs.append('r-000001', [
    { at, kind: 'started', where: 'local', resumed: false },
    { at, kind: 'stage-started', stage: '3dgs', attempt: 1, resumed: false },
    { at, kind: 'line', line },
  ])
  expect(runs.state('r-000001')).toMatchObject({ kind: 'running', loss: [{ iteration: 10, loss: 0.5 }] })
  expect(runs.unfinished()).toHaveLength(1)
  runs.append('r-000001', [{ at, kind: 'failed', stage: '3dgs', problem: { code: 'a/b', what: 'x', remedy: 'y' } }])
  expect(runs.unfinished()).toHaveLength(0)
  expect(runStore(opened(home), 'other').state('r-000001')).toEqual(runs.state('r-000001'))
  runs.append('r-000001', [{ at, kind: 'started', where: 'local', resumed: true }])
  expect(runs.unfinished()).toHaveLength(1)
  expect(runStore(opened(home), 'other').state('r-000001')).toMatchObject({
    kind: 'running',
    problem: null,
    loss: [{ iteration: 10, loss: 0.5 }],
  })
})

test('captures survive a restart; photos are replaced by name, and those that are gone are forgotten', () => {
  const home = newHome()
  const store = captureStore(opened(home), 'me')
  store.add(capture)
  store.putPhotos('c-000001', [photo('a'), photo('b')])
  store.putPhotos('c-000001', [{ ...photo('b'), sizeBytes: 11 }])
  store.keepPhotos('c-000001', new Set(['b']))
  store.patch('c-000001', { name: 'Field, north', scan: { kind: 'done', tookMs: 5, finishedAt: capture.createdAt } })
  const again = captureStore(opened(home), 'other')
  expect(again.photos('c-000001')).toMatchObject([{ file: 'b', sizeBytes: 11 }])
  expect(again.list()).toMatchObject([{ name: 'Field, north', scan: { kind: 'done' } }])
  store.patch('c-000001', { deletedAt: capture.createdAt })
  expect([again.list(), again.byFolder('/photos'), again.get('c-000001')?.name]).toEqual([[], null, 'Field, north'])
})

test('what a person decided outlives what the checks say', () => {
  expect(leftOutOf({ leftOut: ['a', 'b'], choices: { a: true, c: false, d: true } })).toEqual(['b', 'c'])
})

test('what another process writes is noticed within a second, once, and own writes are not told as foreign', async () => {
  const home = newHome()
  const [mine, theirs] = [opened(home), opened(home)]
  captureStore(mine, 'me').add(capture)
  const heard: Foreign[] = []
  const stop = watchOthers(mine, 'me', (foreign) => heard.push(foreign))
  const other = captureStore(theirs, 'they')
  other.putPhotos('c-000001', [photo('a')])
  other.patch('c-000001', { name: 'New name' })
  const runs = runStore(theirs, 'they')
  runs.add(row, manifest)
  runs.append('r-000001', [{ at: capture.createdAt, kind: 'started', where: 'local', resumed: false }])
  captureStore(mine, 'me').patch('c-000001', { camera: 'X' })
  other.patch('c-000001', { name: 'Newer name' })
  await expect.poll(() => heard.length).toBe(3)
  expect(heard).toMatchObject([
    { kind: 'capture', captureId: 'c-000001', deleted: false },
    { kind: 'photos', photos: [{ file: 'a' }] },
    { kind: 'run-events', runId: 'r-000001', events: [{ kind: 'started' }] },
  ])
  await new Promise((resolve) => setTimeout(resolve, 1200))
  expect(heard).toHaveLength(3)
  stop()
})

test('500 captures with 10,000 photos are listed after opening', () => {
  const home = newHome()
  const db = opened(home)
  const store = captureStore(db, 'me')
  db.transaction(() => {
    for (let count = 0; count < 500; count++) {
      const captureId = `c-${String(count).padStart(6, '0')}`
      store.add({ ...capture, captureId, folder: `/photos/${count}` })
      store.putPhotos(
        captureId,
        Array.from({ length: 20 }, (_, at) => photo(`${at}`)),
      )
    }
  })()
  const again = opened(home)
  expect(captureStore(again, 'me').list()).toHaveLength(500)
})

test('a lock is held by one engine at a time and dies with its process', async () => {
  const { takeLock } = await import('../lock.ts')
  const home = newHome()
  const first = takeLock(home, 'run-x')
  expect(first).not.toBeNull()
  expect(takeLock(home, 'run-x')).toBeNull()
  expect(takeLock(home, 'run-y')).not.toBeNull()
  first?.release()
  const { spawn } = await import('node:child_process')
  const script = `const { takeLock } = await import(${JSON.stringify(new URL('../lock.ts', import.meta.url).href)}); console.log(takeLock(${JSON.stringify(home)}, 'run-x') !== null); setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const said = await new Promise((resolve) => child.stdout.once('data', (data: Buffer) => resolve(data.toString().trim())))
  expect([said, takeLock(home, 'run-x')]).toEqual(['true', null])
  child.kill('SIGKILL')
  await new Promise((done) => child.once('exit', done))
  expect(takeLock(home, 'run-x')).not.toBeNull()
})

test('the thrown-away sides of a database do not come back: no -wal of the damaged one beside the fresh one', () => {
  const home = newHome()
  writeFileSync(join(home, 'spaceport.db'), 'x'.repeat(5000))
  writeFileSync(join(home, 'spaceport.db-wal'), 'y'.repeat(5000))
  const { db, setAside } = openDatabase(home, now)
  open.push(db)
  expect(setAside).not.toBeNull()
  expect(existsSync(join(home, 'spaceport.db.damaged-2026-11-24T08-00-00-000Z'))).toBe(true)
  captureStore(db, 'me').add(capture)
  expect(captureStore(db, 'me').list()).toHaveLength(1)
})
