import { randomBytes } from 'node:crypto'
import { mkdir, readdir, realpath, stat } from 'node:fs/promises'
import { basename, extname, join, sep } from 'node:path'
import sharp from 'sharp'
import { home as layout, runFolder } from '../core/layout.ts'
import { type Problem, ProblemError, problem } from '../core/problem.ts'
import type { CaptureStore } from './history/captures.ts'
import type { Host } from './host.ts'
import { objectFor } from './intake/derive.ts'
import { writeWhole } from './settings.ts'

export type ArtefactFile = { readonly file: string; readonly mime: string; readonly bytes: number }
export type LibraryParts = { readonly host: Host; readonly captures: CaptureStore }

// What the inspector shows; screens.md section 3.
const pictureLongPx = 1600

const mimes: Readonly<Record<string, string>> = {
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.json': 'application/json',
  '.jsonl': 'application/jsonl',
  '.log': 'text/plain; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
}

export const sha256Pattern = /^[0-9a-f]{64}$/
const runIdPattern = /^r-[a-z0-9-]{6,40}$/

function missing(address: string): Problem {
  return problem('artefact/missing', `There is nothing at ${address}.`, 'It may not have been made yet, or was removed.')
}

/** Finished files by address; nothing outside the home, the captures' photos and the scenes opened by a person. */
export function library({ host, captures }: LibraryParts) {
  const scenes = new Map<string, string>()
  const sizes = new Map<string, number>()

  const inside = async (root: string, relative: string): Promise<string | null> => {
    if (relative === '' || relative.split(/[/\\]/).some((part) => part === '..' || part === '.' || part === '')) return null
    try {
      const base = await realpath(root)
      const file = await realpath(join(base, relative))
      return file.startsWith(base + sep) ? file : null
    } catch {
      return null
    }
  }
  const find = async (address: string): Promise<string | null> => {
    const [kind = '', id = '', ...rest] = address.split('/')
    const name = rest.join('/')
    if (address.includes('\0')) return null
    if (kind === 'thumb' && sha256Pattern.test(id) && name === '') return inside(join(host.home, layout.thumbnails), `${id}.jpg`)
    if (kind === 'photo' && sha256Pattern.test(name)) return picture(host, captures, id, name)
    if (kind === 'run' && runIdPattern.test(id)) return inside(join(host.home, layout.run(id)), name)
    if (kind === 'view' && runIdPattern.test(id) && name === '') return renderedView(join(host.home, layout.run(id)))
    if (kind === 'scene') return scenes.get(id) ?? null
    return null
  }
  const remeasure = async (runId: string): Promise<number> => {
    const bytes = await folderBytes(join(host.home, layout.run(runId)))
    sizes.set(runId, bytes)
    return bytes
  }
  return {
    /** The file behind an address, or the Problem that there is none. */
    artefact: async (address: string): Promise<ArtefactFile | Problem> => {
      try {
        const file = await find(address)
        if (file === null) return missing(address)
        const found = await stat(file)
        return found.isFile()
          ? { file, mime: mimes[extname(file).toLowerCase()] ?? 'application/octet-stream', bytes: found.size }
          : missing(address)
      } catch (error) {
        if (error instanceof ProblemError) return error.problem
        if ((error as { code?: string }).code === 'ENOENT') return missing(address)
        throw error
      }
    },
    /** Lends a file from disk to the viewer under an address that cannot be guessed. */
    lend: (file: string): string => {
      const known = [...scenes].find(([, lent]) => lent === file)?.[0]
      const token = known ?? randomBytes(12).toString('hex')
      scenes.set(token, file)
      return `scene/${token}/${basename(file)}`
    },
    /** Bytes of a run's folder; measured again after `remeasure`. */
    diskBytes: (runId: string): number => sizes.get(runId) ?? 0,
    remeasure,
    /** Measures what was not measured since the start. */
    measure: async (runIds: readonly string[]): Promise<void> => {
      for (const runId of runIds) if (!sizes.has(runId)) await remeasure(runId)
    },
    importFolder: async (): Promise<string> => {
      const folder = join(host.home, layout.imports, randomBytes(6).toString('hex'))
      await mkdir(folder, { recursive: true })
      return folder
    },
  }
}

/** Bytes of all files below a folder; 0 where there is none. */
export async function folderBytes(folder: string): Promise<number> {
  try {
    const entries = await readdir(folder, { withFileTypes: true, recursive: true })
    const files = entries.filter((one) => one.isFile())
    const found = await Promise.all(
      files.map((one) =>
        stat(join(one.parentPath, one.name)).then(
          (each) => each.size,
          () => 0,
        ),
      ),
    )
    return found.reduce((sum, bytes) => sum + bytes, 0)
  } catch {
    return 0
  }
}

/** A render of the scene from a held-out photo's place, the middle one: it shows the place, as the first and last often do not. */
async function renderedView(run: string): Promise<string | null> {
  const folder = join(run, runFolder.heldout)
  const names = (await readdir(folder).catch(() => [])).filter((one) => one.endsWith('.png')).toSorted()
  const middle = names[Math.floor(names.length / 2)]
  return middle === undefined ? null : join(folder, middle)
}

async function picture(host: Host, captures: CaptureStore, captureId: string, sha256: string): Promise<string | null> {
  const photo = captures.photo(captureId, sha256)
  const folder = captures.get(captureId)?.folder
  if (photo === null || folder === undefined) return null
  const kept = join(host.home, layout.pictures, `${sha256}.jpg`)
  if (
    await stat(kept).then(
      () => true,
      () => false,
    )
  )
    return kept
  const source =
    photo.format === 'heic' || photo.format === 'avif'
      ? (await objectFor(photo, folder, join(host.home, 'cache'))).file
      : join(folder, photo.file)
  const shown = sharp(source, { failOn: 'none' }).rotate()
  await writeWhole(
    kept,
    await shown.resize(pictureLongPx, pictureLongPx, { fit: 'inside', withoutEnlargement: true }).jpeg({ quality: 85 }).toBuffer(),
  )
  return kept
}
