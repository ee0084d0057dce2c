import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const program = path.resolve(import.meta.dirname, '..')
const run = promisify(execFile)
const node = async (file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  await run(process.execPath, [file, ...args], { cwd: checkout, env: { ...process.env, ...env } })

// What the configuration says a package holds is proven on a copy of the sources, so that nothing is written into the checkout.
let folder: string
let checkout: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'spaceport-package-'))
  checkout = path.join(folder, 'checkout')
  await mkdir(path.join(checkout, 'build'), { recursive: true })
  for (const one of [
    'core',
    'engine',
    'electron',
    'containers',
    'backend',
    'samples',
    'package.json',
    'electron-builder.yml',
    'tsconfig.base.json',
    'build/electron.config.ts',
  ])
    if (existsSync(path.join(program, one))) await cp(path.join(program, one), path.join(checkout, one), { recursive: true })
  for (const one of ['node_modules', '.cache']) await symlink(path.join(program, one), path.join(checkout, one))
  const vite = path.join(program, 'node_modules', 'vite', 'bin', 'vite.js')
  for (const part of ['main', 'preload'])
    await node(vite, ['build', '--config', 'build/electron.config.ts', '--logLevel', 'warn'], { SPACEPORT_BUNDLE: part })
  await mkdir(path.join(checkout, 'dist', 'renderer'))
  await writeFile(path.join(checkout, 'dist', 'renderer', 'index.html'), '<title>Spaceport</title>')
}, 120_000)
afterAll(async () => await rm(folder, { recursive: true, force: true }))

describe('the bundle', () => {
  it('opens a window on the screens under plain Node, with a stand-in for the electron module', async () => {
    const standIn = path.join(checkout, 'electron', 'testing', 'electron-stand-in.ts')
    const { stdout } = await node(
      path.join(checkout, 'electron', 'testing', 'load-bundle.mjs'),
      [path.join(checkout, 'dist', 'electron', 'main.js'), standIn],
      { SPACEPORT_HOME: path.join(folder, 'home') },
    )
    expect(JSON.parse(stdout)).toEqual({ windows: 1, page: 200, calls: 3, errors: [] })
  })

  it('brings the threads and the migrations that the engine looks for beside itself', () => {
    const dist = path.join(checkout, 'dist', 'electron', 'engine')
    for (const one of ['intake/decode-worker.js', 'history/migrations']) expect(existsSync(path.join(dist, one)), one).toBe(true)
  })

  it('has a preload that requires nothing but electron', async () => {
    const text = await readFile(path.join(checkout, 'dist', 'electron', 'preload.cjs'), 'utf8')
    expect([...text.matchAll(/require\(["']([^"']+)["']\)/g)].map((one) => one[1])).toEqual(['electron'])
    expect(text).not.toMatch(/^\s*(?:import|export)\s/m)
  })
})

// The marker before the fuses in every Electron binary, then version 1 and nine fuses, all off (@electron/fuses).
const binary = `#!/bin/sh\nexit 0\n# dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX\u0001\u0009${'0'.repeat(9)}\n`

describe.runIf(process.platform === 'linux')('the package', () => {
  it('holds the app in an archive, native parts and stages beside it, and a binary with its fuses set', { timeout: 300_000 }, async () => {
    const stand = path.join(folder, 'electron')
    await mkdir(path.join(stand, 'resources'), { recursive: true })
    for (const [name, text] of [
      ['electron', binary],
      ['version', '45.4.1'],
      ['LICENSE', ''],
    ] as const)
      await writeFile(path.join(stand, name), text)
    await chmod(path.join(stand, 'electron'), 0o755)
    const out = path.join(folder, 'release')
    await node(path.join(program, 'node_modules', 'electron-builder', 'cli.js'), [
      '--linux',
      'dir',
      `-c.electronDist=${stand}`,
      '-c.npmRebuild=false',
      `-c.directories.output=${out}`,
    ])
    const app = path.join(out, 'linux-unpacked')
    const { stdout } = await node(path.join(program, 'node_modules', '@electron', 'asar', 'bin', 'asar.js'), [
      'list',
      path.join(app, 'resources', 'app.asar'),
    ])
    const files = stdout.split('\n')
    for (const one of [
      '/package.json',
      '/dist/electron/main.js',
      '/dist/electron/preload.cjs',
      '/dist/renderer/index.html',
      '/node_modules/zod/package.json',
    ])
      expect(files, one).toContain(one)
    const rooms = new Set(files.map((file) => file.split('/')[1]))
    expect(rooms).toEqual(new Set([undefined, 'dist', 'node_modules', 'package.json']))
    for (const one of ['three', 'react', 'webgpu', 'electron', 'vite', 'typescript'])
      expect(
        files.some((file) => file.startsWith(`/node_modules/${one}/`)),
        one,
      ).toBe(false)
    for (const one of [
      'containers/CONTRACT.md',
      'samples/caliterra',
      'node_modules/.bin/node',
      'node_modules/@playcanvas/splat-transform/bin/cli.mjs',
      'app.asar.unpacked/node_modules/better-sqlite3/prebuilds/linux-x64.node',
    ])
      expect(existsSync(path.join(app, 'resources', one)), one).toBe(true)
    expect(existsSync(path.join(app, 'resources', 'native', 'spaceport.node'))).toBe(
      existsSync(path.join(program, '.cache', 'native', 'current')),
    )
    // The order of electron-builder.yml's fuses in the wire: runAsNode, cookies, NODE_OPTIONS, inspect, integrity, only asar, snapshot, file scheme.
    expect((await readFile(path.join(app, 'spaceport'), 'latin1')).split('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX')[1]?.slice(2, 10)).toBe(
      '01001100',
    )
  })
})
