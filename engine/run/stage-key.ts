import { createHash, type Hash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Manifest } from '../../core/capture/manifest.ts'
import type { StageName } from '../../core/run/events.ts'
import type { StageProgram } from './programs.ts'

/** The manifest as a stage gets it: only what decides the result, so that two runs of the same photos are the same work. */
export function stageManifest(manifest: Manifest): Pick<Manifest, 'version' | 'photos' | 'pairs'> {
  return { version: manifest.version, photos: manifest.photos.filter((photo) => photo.use), pairs: manifest.pairs }
}

/** Names what a stage makes: its code, its settings and its inputs. `threads` changes how fast, not what. */
export async function stageKey(
  stage: StageName,
  program: StageProgram,
  settings: Readonly<Record<string, unknown>>,
  inputs: unknown,
): Promise<string> {
  const hash = createHash('sha256')
  const { threads: _, ...deciding } = settings
  hash.update(JSON.stringify([1, stage, canonical(deciding), inputs]))
  for (const path of program.code) await addCode(hash, path)
  return hash.digest('hex').slice(0, 32)
}

// The same settings in another order are the same settings.
function canonical(settings: Readonly<Record<string, unknown>>): unknown {
  return Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1))
}

// What is only beside the code: caches, tests, notes.
const besideCode = /^(\.|__pycache__$|node_modules$|test_|tests$|conftest\.py$|build$)|\.(pyc|md|test\.ts|test\.py)$|^Dockerfile/

async function addCode(hash: Hash, path: string): Promise<void> {
  const found = await stat(path)
  if (found.isFile()) {
    hash.update(await readFile(path))
    return
  }
  const names = (await readdir(path)).filter((name) => !besideCode.test(name)).sort()
  for (const name of names) {
    hash.update(`${name}\0`)
    await addCode(hash, join(path, name))
  }
}
