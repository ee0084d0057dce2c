import type { Stats } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** A file as found: its name relative to the folder (`/` between folders, byte for byte) and what the cache knows it by. */
export type ListedFile = {
  readonly file: string
  readonly path: string
  readonly sizeBytes: number
  readonly mtimeMs: number
  /** Nothing to read here: a folder without permission, a socket, a pipe, a broken link. */
  readonly unreadable: boolean
}

// What operating systems, cameras' card readers and NAS boxes leave behind; nobody wants a line about them.
const leftBehind = /^(\.DS_Store|Thumbs\.db|ehthumbs\.db|desktop\.ini|\._.*)$/i
const hiddenFolder = /^(\..*|@eaDir|__MACOSX|System Volume Information|\$RECYCLE\.BIN)$/i

/** Lists every file under a folder, name order by code units. Follows links once each, so that loops end. */
export async function listFiles(folder: string, signal: AbortSignal): Promise<readonly ListedFile[]> {
  const found: ListedFile[] = []
  await walk(folder, '', new Set([await realpath(folder)]), found, signal)
  return found.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0))
}

async function walk(folder: string, prefix: string, seen: Set<string>, found: ListedFile[], signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const names = await readdir(folder)
  for (const name of names.sort()) {
    if (leftBehind.test(name)) continue
    const path = join(folder, name)
    const file = prefix + name
    const facts = await statOrNull(path)
    if (facts?.isDirectory()) {
      if (!hiddenFolder.test(name)) await enter(path, file, seen, found, signal)
    } else {
      found.push(listed(file, path, facts?.isFile() ? facts : null))
    }
  }
}

async function enter(path: string, file: string, seen: Set<string>, found: ListedFile[], signal: AbortSignal): Promise<void> {
  const real = await realpath(path)
  if (seen.has(real)) return
  seen.add(real)
  try {
    await walk(path, `${file}/`, seen, found, signal)
  } catch (error) {
    signal.throwIfAborted()
    if (!isFileError(error)) throw error
    found.push(listed(file, path, null))
  }
}

function listed(file: string, path: string, facts: Stats | null): ListedFile {
  return { file, path, sizeBytes: facts?.size ?? 0, mtimeMs: facts?.mtimeMs ?? 0, unreadable: facts === null }
}

async function statOrNull(path: string): Promise<Stats | null> {
  try {
    return await stat(path)
  } catch (error) {
    if (isFileError(error)) return null
    throw error
  }
}

/** Whether a caught value comes from the file system (it carries an errno code). */
export function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).code === 'string' && 'errno' in error
}
