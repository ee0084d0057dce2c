import { type ChildProcess, spawn } from 'node:child_process'
import { link, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openEngine } from '../engine.ts'
import { programFolder } from './home-folder.ts'
import { ask } from './testing/ask.ts'

type Told = { readonly code: number | null; readonly out: string; readonly err: string; readonly json: () => unknown }

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'spaceport-cli-'))
  for (const one of ['empty', 'texts', 'one']) await mkdir(path.join(folder, one))
  for (const name of ['a.txt', 'b.md']) await writeFile(path.join(folder, 'texts', name), 'no photo')
  await writeFile(path.join(folder, 'one', '.DS_Store'), 'x')
  await sharp({
    create: { width: 640, height: 480, channels: 3, background: '#808080', noise: { type: 'gaussian', mean: 128, sigma: 40 } },
  })
    .jpeg()
    .toFile(path.join(folder, 'one', 'DJI_0001.JPG'))
})
afterAll(async () => await rm(folder, { recursive: true, force: true }))

/** Starts the real program, as a person's shell would. */
function start(words: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  const program = path.join(programFolder, 'build', 'spaceport.mjs')
  return spawn(process.execPath, [program, ...words], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, SPACEPORT_HOME: path.join(folder, 'home'), ...env },
  })
}

async function spaceport(...words: string[]): Promise<Told> {
  return await told(start(words))
}

async function told(child: ChildProcess): Promise<Told> {
  const ended = new Promise<number | null>((done) => child.once('close', (code) => done(code)))
  const [out, err, code] = await Promise.all([child.stdout ? text(child.stdout) : '', child.stderr ? text(child.stderr) : '', ended])
  return { code, out, err, json: () => JSON.parse(out) as unknown }
}

describe('manners', () => {
  it('help comes on stdout, for the program and for each command', async () => {
    const help = await spaceport('--help')
    expect([help.code, help.err]).toEqual([0, ''])
    expect(help.out).toContain('check FOLDER')
    expect((await spaceport('convert', '--help')).out).toContain('spaceport convert scene.ply scene.sog')
  })

  it('the version is that of the package', async () => {
    const { version } = JSON.parse(await readFile(path.join(programFolder, 'package.json'), 'utf8')) as { version: string }
    expect((await spaceport('--version')).out).toBe(`${version}\n`)
  })

  it('wrong usage ends with 2 and one sentence, and does nothing', async () => {
    for (const words of [
      ['check', 'empty', '--nope'],
      ['check'],
      ['nope'],
      ['run', 'empty', '--preset', 'best'],
      ['run', 'empty', '--step', '3dgs'],
      ['run', 'empty', '--cap', '-1'],
      ['serve', '--port', '99999'],
      ['convert', 'a.txt', 'b.ply'],
    ]) {
      const wrong = await spaceport(...words)
      expect(wrong.code, words.join(' ')).toBe(2)
      expect([wrong.out, wrong.err.trimEnd().split('\n').length], words.join(' ')).toEqual(['', 2])
    }
  })
})

describe('check', () => {
  it('an empty folder is unusable: 20, and says why', async () => {
    const check = await spaceport('check', 'empty', '--json')
    expect(check.code).toBe(20)
    expect(check.json()).toMatchObject({
      version: 1,
      folder: path.join(folder, 'empty'),
      verdict: { kind: 'unusable', score: 0 },
      photos: [],
      skipped: [],
      findings: [{ code: 'capture/empty' }],
    })
  })

  it('a folder of text files lists each with its remedy', async () => {
    const check = await spaceport('check', 'texts', '--json')
    expect(check.code).toBe(20)
    const skipped = expect.objectContaining({
      code: 'file/not-an-image',
      what: expect.any(String) as string,
      remedy: expect.any(String) as string,
    }) as object
    expect(check.json()).toMatchObject({ photos: [], skipped: [{ file: 'a.txt' }, { file: 'b.md' }].map((one) => ({ ...one })) })
    expect((check.json() as { skipped: unknown[] }).skipped).toEqual([skipped, skipped])
  })

  it('one photo is read, and is too few', async () => {
    const check = await spaceport('check', 'one', '--json', '--kml', 'plan.kml', '--html', 'report.html')
    expect(check.code).toBe(20)
    expect(check.json()).toMatchObject({ photos: [{ file: 'DJI_0001.JPG', widthPx: 640, heightPx: 480 }], skipped: [] })
    expect(await readFile(path.join(folder, 'plan.kml'), 'utf8')).toContain('<kml')
    expect(await readFile(path.join(folder, 'report.html'), 'utf8')).toMatch(/^<!doctype html>/i)
  })

  it('what was checked stands in the Library, once, named as the window would name it', async () => {
    await mkdir(path.join(folder, 'Mill house', 'images'), { recursive: true })
    for (let turn = 0; turn < 2; turn++) await spaceport('check', 'Mill house/images')
    const engine = await openEngine(
      { kind: 'cli', home: path.join(folder, 'home'), program: programFolder, now: () => new Date(), log: () => undefined },
      { resume: false },
    )
    const captures = await engine.handlers['captures.list']({})
    await engine.close()
    expect(captures.filter((one) => one.folder.endsWith(path.join('Mill house', 'images'))).map((one) => one.name)).toEqual(['Mill house'])
  })

  it('speaks to a person without --json, without a stack trace, without colour where nobody looks', async () => {
    const check = await spaceport('check', 'texts')
    expect(check.out).toContain('Unusable')
    expect(check.out).toContain('Skipped 2 files')
    expect(check.out).toContain('No photos in this folder; it holds 2 text files.')
    expect(check.out + check.err).not.toMatch(/\n\s+at /)
    expect(check.out + check.err).not.toContain('\u001b')
    expect((await spaceport('check', 'texts', '--quiet')).err).toBe('')
  })

  it('a folder that is not there is a Problem: 30', async () => {
    const check = await spaceport('check', 'gone', '--json')
    expect(check.code).toBe(30)
    expect(check.json()).toMatchObject({
      kind: 'failed',
      problem: { code: expect.any(String) as string, remedy: expect.any(String) as string },
    })
    expect(check.err).toMatch(/^Problem: .*\nRemedy: {2}/m)
  })

  it('Ctrl+C ends with 130, says what is kept and how to go on', async () => {
    await mkdir(path.join(folder, 'many'))
    await sharp({
      create: { width: 4000, height: 3000, channels: 3, background: '#808080', noise: { type: 'gaussian', mean: 128, sigma: 40 } },
    })
      .jpeg()
      .toFile(path.join(folder, 'many', '0.jpg'))
    // Half a minute of work and more, of which the first line is waited for.
    for (let i = 1; i < 400; i++) await link(path.join(folder, 'many', '0.jpg'), path.join(folder, 'many', `${i}.jpg`))
    const child = start(['check', 'many'])
    child.stderr?.once('data', () => child.kill('SIGINT'))
    const check = await told(child)
    expect([check.code, check.out]).toEqual([130, ''])
    expect(check.err).toMatch(/Stopped(: \d+ of 400 files read| before a file was read)/)
    expect(check.err).toContain(`To go on from there: spaceport check ${path.join(folder, 'many')}`)
    expect(check.err).not.toContain('Problem')
  })

  it('a report that cannot be written is a Problem', async () => {
    const check = await spaceport('check', 'empty', '--html', 'no/such/folder/report.html')
    expect([check.code, check.err]).toEqual([30, expect.stringContaining('file/not-written')])
  })
})

describe('runs', () => {
  it('an unusable folder is not run: 20, the last line is the Problem', async () => {
    const run = await spaceport('run', 'empty', '--json')
    expect(run.code).toBe(20)
    expect(JSON.parse(run.out.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({ kind: 'failed', problem: { code: 'capture/empty' } })
  })

  it('a cloud that is not set up is a Problem: 30', async () => {
    for (const words of [
      ['run', 'one', '--where', 'studio'],
      ['upload', 'one', '--where', 'studio'],
      ['doctor', '--where', 'studio'],
    ]) {
      const told = await spaceport(...words)
      expect([told.code, told.err], words.join(' ')).toEqual([30, expect.stringContaining('cloud/not-set-up')])
    }
  })

  it('an unknown run is a Problem everywhere', async () => {
    for (const words of [
      ['watch', 'r-20260101-abcdef'],
      ['stop', 'r-20260101-abcdef'],
      ['evaluate', 'r-20260101-abcdef'],
      ['fetch', 'r-20260101-abcdef'],
      ['fetch', 'r-20260101-abcdef', '--out', 'x'],
      ['open', 'r-20260101-abcdef'],
    ]) {
      const told = await spaceport(...words)
      expect([told.code, told.err], words.join(' ')).toEqual([30, expect.stringContaining('run/unknown')])
    }
  })

  it('the list is empty at first', async () => {
    expect((await spaceport('runs', '--json')).json()).toEqual({ version: 1, runs: [] })
  })
})

describe('convert', () => {
  it('refuses what is no scene, and never replaces a file unasked', async () => {
    await writeFile(path.join(folder, 'broken.ply'), 'broken')
    const broken = await spaceport('convert', 'broken.ply', 'made.sog', '--json')
    expect(broken.code).toBe(30)
    expect(broken.json()).toMatchObject({ problem: { code: 'scene/format' } })
    await expect(readFile(path.join(folder, 'made.sog'))).rejects.toThrow('ENOENT')
    const header = 'ply\nformat binary_little_endian 1.0\nelement vertex 2\nproperty float x\nend_header\n'
    await writeFile(path.join(folder, 'half.ply'), `${header}1234`)
    expect((await spaceport('convert', 'half.ply', 'made.sog', '--json')).json()).toMatchObject({ problem: { code: 'scene/truncated' } })
    await writeFile(path.join(folder, 'there.spz'), 'mine')
    expect((await spaceport('convert', 'broken.ply', 'there.spz')).err).toContain('file/exists')
    expect(await readFile(path.join(folder, 'there.spz'), 'utf8')).toBe('mine')
  })
})

describe('serve', () => {
  it('serves on loopback until SIGTERM, then ends with 130', async () => {
    const child = start(['serve', '--json'])
    const first = await new Promise<string>((done) => child.stdout?.once('data', (chunk: Buffer) => done(chunk.toString())))
    const { url, port } = JSON.parse(first) as { url: string; port: number }
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{32}$/)
    expect((await ask(port, '/')).status).toBe(401)
    child.kill('SIGTERM')
    expect((await told(child)).code).toBe(130)
  })

  it('a port in use is a Problem', async () => {
    const other = createServer()
    const port = await new Promise<number>((done) => other.listen(0, '127.0.0.1', () => done((other.address() as { port: number }).port)))
    const serve = await spaceport('serve', '--port', String(port))
    other.close()
    expect([serve.code, serve.err]).toEqual([30, expect.stringContaining('serve/port-in-use')])
  })
})
