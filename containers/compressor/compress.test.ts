import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { madeUpPly } from './made-up.ts'

const ENTRY = join(import.meta.dirname, 'compress.ts')
let folder: string
let out: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'compressor-'))
  out = join(folder, 'out')
  mkdirSync(join(folder, 'in', '3dgs'), { recursive: true })
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function start(ply: Buffer, settings: object = {}, env: Record<string, string> = {}): ChildProcess {
  writeFileSync(join(folder, 'in', '3dgs', 'scene.ply'), ply)
  writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings))
  const flags = ['--in', join(folder, 'in'), '--out', out, '--settings', join(folder, 'settings.json')]
  return spawn(process.execPath, [ENTRY, ...flags], { stdio: ['pipe', 'ignore', 'inherit'], env: { ...process.env, ...env } })
}

const ended = (child: ChildProcess): Promise<number | null> => new Promise((resolve) => child.once('close', resolve))
const json = (name: string): any => JSON.parse(readFileSync(join(out, name), 'utf8'))

async function lineOf(step: string): Promise<void> {
  while (!existsSync(join(out, 'progress.jsonl')) || !readFileSync(join(out, 'progress.jsonl'), 'utf8').includes(`"${step}"`)) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

test('a scene becomes .sog and .spz version 3 that look like it', { timeout: 60_000 }, async () => {
  expect(await ended(start(madeUpPly(1500, 1), { shBands: '1', sog_iterations: '1' }))).toBe(0)
  const report = json('report.json')
  for (const name of ['scene.sog', 'scene.spz']) {
    expect(report.files[name]).toMatchObject({ count: 1500, bands: 1 })
    expect(report.files[name].psnrDb).toBeGreaterThan(35)
  }
  expect(Object.keys(json('outcome.json').files)).toEqual(['scene.sog', 'scene.spz', 'report.json'])
  expect(json('outcome.json').kind).toBe('done')
  const lines = readFileSync(join(out, 'progress.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect([...new Set(lines.map((line) => line.step))]).toEqual(['sog', 'spz', 'verify'])
  const spz = new Uint8Array(
    await new Response(
      new Blob([readFileSync(join(out, 'scene.spz'))]).stream().pipeThrough(new DecompressionStream('gzip')),
    ).arrayBuffer(),
  )
  expect(new DataView(spz.buffer).getUint32(4, true)).toBe(3)
})

test('splats that SPZ cannot hold are left out of it, counted, and cost nothing else', { timeout: 60_000 }, async () => {
  const ply = madeUpPly(1500, 1)
  const properties = 23 // of band 1: opacity is the 16th
  const rows = ply.indexOf('end_header\n') + 'end_header\n'.length
  for (let i = 0; i < 20; i++) {
    ply.writeFloatLE(18_000 + i, rows + i * properties * 4)
    ply.writeFloatLE(-4.6, rows + (i * properties + 15) * 4)
  }
  expect(await ended(start(ply))).toBe(0)
  const report = json('report.json')
  expect(report.leftOut['scene.spz'].count).toBe(20)
  expect(report.files).toMatchObject({ 'scene.sog': { count: 1500 }, 'scene.spz': { count: 1480 } })
  for (const name of ['scene.sog', 'scene.spz']) expect(report.files[name].placesOff).toBeLessThan(0.001)
})

test.runIf(process.platform === 'linux')('it has no child that could outlive it', { timeout: 60_000 }, async () => {
  const child = start(madeUpPly(30_000, 3), { shBands: 3 })
  await lineOf('sog')
  const tasks = `/proc/${child.pid}/task`
  for (let i = 0; i < 20; i++) {
    for (const task of readdirSync(tasks)) expect(readFileSync(join(tasks, task, 'children'), 'utf8')).toBe('')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  child.kill('SIGKILL')
  await ended(child)
})

test('fewer bands are kept where they are asked for', { timeout: 60_000 }, async () => {
  expect(await ended(start(madeUpPly(1200, 2), { shBands: 0 }))).toBe(0)
  expect(json('report.json').files).toMatchObject({ 'scene.sog': { bands: 0 }, 'scene.spz': { bands: 2 } })
})

test('a file that does not look like the scene is taken away and said', { timeout: 60_000 }, async () => {
  expect(await ended(start(madeUpPly(1200, 0), { leastPsnrDb: 98 }))).toBe(70)
  expect(json('failure.json').code).toBe('run/compression-differs')
  expect(existsSync(join(out, 'scene.sog'))).toBe(false)
})

test.each([
  ['cut off', madeUpPly(50, 0).subarray(0, 1500)],
  ['no scene', Buffer.from('hello')],
])('a scene that is %s is refused', async (_, ply) => {
  expect(await ended(start(ply))).toBe(65)
  expect(json('failure.json').code).toBe('run/scene')
})

test.each([{ unheard: 1 }, { shBands: 4 }, { sogIterations: 'many' }])('the settings %j are refused', async (settings) => {
  expect(await ended(start(madeUpPly(50, 0), settings))).toBe(64)
})

test.skipIf(process.platform === 'win32')('SIGTERM stops it and leaves nothing half written', { timeout: 60_000 }, async () => {
  const child = start(madeUpPly(30_000, 3), { shBands: 3 })
  await lineOf('sog')
  child.kill('SIGTERM')
  expect(await ended(child)).toBe(0)
  expect(json('outcome.json')).toMatchObject({ kind: 'stopped', files: {} })
  expect(existsSync(join(out, 'scene.sog'))).toBe(false)
  // The tool keeps a file of its own beside its target while it writes.
  expect(readdirSync(out).filter((name) => name.startsWith('.'))).toEqual([])
})

test.each([
  ['the word stop', 'stop\n'],
  ['the end of the pipe', ''],
])('%s from the parent stops it', { timeout: 60_000 }, async (_, word) => {
  const child = start(madeUpPly(30_000, 3), { shBands: 3 }, { SPACEPORT_PARENT_PIPE: '1' })
  await lineOf('sog')
  if (word === '') child.stdin?.end()
  else child.stdin?.write(word)
  expect(await ended(child)).toBe(0)
  expect(json('outcome.json').kind).toBe('stopped')
})
