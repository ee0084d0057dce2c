import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

export type ImageName = 'sfm' | '3dgs' | 'compressor'
export const imageNames: readonly ImageName[] = ['sfm', 'compressor', '3dgs']

/** An image: which stand-in base it starts from here, and the files that decide what is in it. */
export type Recipe = {
  readonly name: ImageName
  readonly base: 'debian' | 'node'
  readonly inputs: readonly string[]
  /** The files that the costly stages depend on; the rest is copied in seconds. */
  readonly heavy?: readonly string[]
  readonly args: readonly string[]
}

/** For which GPUs the Dockerfile compiles; checked in the image. */
export const gpuArchitectures = '7.5;8.0;8.6;8.9;9.0'

const shared = ['containers/.dockerignore']

export const recipes: Readonly<Record<ImageName, Recipe>> = {
  sfm: { name: 'sfm', base: 'debian', inputs: ['containers/sfm', 'containers/common', ...shared], args: [] },
  compressor: { name: 'compressor', base: 'node', inputs: ['containers/compressor', ...shared], args: [] },
  '3dgs': {
    name: '3dgs',
    base: 'debian',
    inputs: ['containers/3dgs', 'containers/common', ...shared],
    heavy: ['Dockerfile', 'requirements.lock', 'build.lock', 'gsplat.lock'].map((name) => `containers/3dgs/${name}`),
    args: [],
  },
}

/** What decides a check's result beside the image itself. */
export const checkInputs = (name: ImageName): readonly string[] =>
  ['bench', 'build', 'checks-common', `checks-${name}`, 'kit', 'lint', 'recipes'].map((one) => `build/images/${one}.ts`)

// Caches, and what no image holds.
const passedOver =
  /(^|\/)(__pycache__|\.[a-z_]+_cache|node_modules)(\/|$)|\.pyc$|(^|\/)(test_\w+\.py|conftest\.py|[\w-]+\.test\.ts|README\.md)$/

/** A hash of names and contents of files, and of everything below folders; `more`: what else decides. */
export function hashOf(root: string, paths: readonly string[], more = ''): string {
  const hash = createHash('sha256').update(more)
  for (const path of paths.flatMap((one) => filesOf(root, one)).sort()) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0')
  }
  return hash.digest('hex').slice(0, 16)
}

function filesOf(root: string, path: string): string[] {
  try {
    const entries = readdirSync(join(root, path), { withFileTypes: true, recursive: true })
    const files = entries.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name).slice(root.length + 1))
    return files.filter((file) => !passedOver.test(file))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return [path]
    throw error
  }
}
