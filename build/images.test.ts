import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { type Kit, mustLogged } from './images/kit.ts'
import { gpuArchitectures, hashOf, imageNames } from './images/recipes.ts'

const root = dirname(import.meta.dirname)
const read = (...path: string[]): string => readFileSync(join(root, ...path), 'utf8')

/** Package and version of every pinned line. */
function pins(lock: string): Map<string, string> {
  return new Map([...lock.matchAll(/^([a-z0-9-]+)==(\S+)/gm)].map((match) => [match[1] ?? '', match[2] ?? '']))
}

test.each(imageNames)('%s starts from a public image pinned by digest, ends in an exec form, and needs no newer builder', (name) => {
  const text = read('containers', name, 'Dockerfile')
  const [first, second] = text.split('\n').filter((line) => /^(ARG|FROM)/.test(line))
  expect(first).toMatch(/^ARG BASE=[a-z]+:[\w.-]+@sha256:[0-9a-f]{64}$/)
  expect(second).toMatch(/^FROM \$\{BASE\}( AS \w+)?$/)
  expect(text.trim().split('\n').at(-1)).toMatch(/^ENTRYPOINT \[".+"\]$/)
  expect(text).not.toContain('<<') // buildah 1.28 knows no heredocs.
  expect(text).not.toMatch(/https?:\/\//)
})

test.each(['sfm', '3dgs'])('%s holds the versions that run on a laptop, each with a hash', (name) => {
  const here = pins(read('containers', name, 'requirements.lock'))
  const laptop = pins(read('containers', 'requirements.lock'))
  const both = [...here].filter(([name]) => laptop.has(name))
  expect(both.map(([name]) => name)).toEqual(expect.arrayContaining(['numpy', 'pillow']))
  for (const [name, version] of both) expect([name, version]).toEqual([name, laptop.get(name)])
  const hashes = read('containers', name, 'requirements.lock').match(/--hash=sha256:[0-9a-f]{64}/g) ?? []
  expect(hashes.length).toBeGreaterThanOrEqual(here.size)
})

test('the GPU image is compiled for what is checked in it', () => {
  expect(read('containers', '3dgs', 'Dockerfile')).toContain(`ARG CUDA_ARCHS="${gpuArchitectures}"`)
})

test('the compressor holds the tool that runs on a laptop', () => {
  const here = JSON.parse(read('containers', 'compressor', 'package.json'))
  const laptop = JSON.parse(read('package.json'))
  for (const [name, version] of Object.entries(here.dependencies)) expect(laptop.dependencies[name]).toBe(version)
  const lock = JSON.parse(read('containers', 'compressor', 'package-lock.json'))
  for (const [path, one] of Object.entries<{ integrity?: string }>(lock.packages))
    if (path !== '') expect(one.integrity).toMatch(/^sha512-/)
})

test('an image’s hash follows its files, what it is built with, and nothing else', () => {
  const folder = mkdtempSync(join(tmpdir(), 'images-'))
  mkdirSync(join(folder, 'room', '__pycache__'), { recursive: true })
  writeFileSync(join(folder, 'room', 'a.py'), 'a')
  const before = hashOf(folder, ['room'])
  writeFileSync(join(folder, 'room', '__pycache__', 'a.pyc'), 'compiled')
  writeFileSync(join(folder, 'room', 'test_a.py'), 'a test')
  expect(hashOf(folder, ['room'])).toBe(before)
  expect(hashOf(folder, ['room'], 'CUDA_ARCHS=7.5')).not.toBe(before)
  writeFileSync(join(folder, 'room', 'a.py'), 'b')
  expect(hashOf(folder, ['room'])).not.toBe(before)
  rmSync(folder, { recursive: true })
})

test.skipIf(process.platform !== 'linux')(
  'a program that runs out of time takes along what it has started',
  { timeout: 120_000 },
  async () => {
    const cache = mkdtempSync(join(tmpdir(), 'images-'))
    mkdirSync(join(cache, 'logs'))
    const kit: Kit = { root: cache, cache, env: process.env, trust: [], endsAt: Infinity }
    const started = join(cache, 'started')
    const program = `sleep 600 & echo $! > '${started}.part' && mv '${started}.part' '${started}' && wait`
    // Twice the time until the machine was quick enough to start something.
    for (let limitMs = 250; !existsSync(started); limitMs *= 2) {
      expect(() => mustLogged(kit, 'late', 'sh', ['-c', program], limitMs)).toThrow(/^sh ended with 124/)
    }
    // It was sent its signal, and is gone or only waits to be collected a moment later.
    const left = `/proc/${readFileSync(started, 'utf8').trim()}/stat`
    await expect.poll(() => !existsSync(left) || / Z /.test(readFileSync(left, 'utf8')), { timeout: 60_000 }).toBe(true)
    rmSync(cache, { recursive: true })
  },
)
