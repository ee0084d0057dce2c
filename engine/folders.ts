import { readdir, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { FolderEntry, FolderListing } from '../core/contract.ts'
import { ProblemError, problem } from '../core/problem.ts'

const photoName = /\.(jpe?g|png|webp|tiff?|heic|heif|avif)$/i
// A folder of this many folders is shown in part: the chooser is for walking, not for searching.
const mostFolders = 2000

/** The folders below `path` (null: the person's own folder), each with the number of photos that lie directly in it. */
export async function browse(path: string | null): Promise<FolderListing> {
  const here = resolve(path ?? homedir())
  const entries = await list(here)
  if (entries === null) {
    throw new ProblemError(
      problem('folder/unreadable', `${here} cannot be read.`, 'Choose another folder, or give yourself the right to read this one.'),
    )
  }
  const names = entries.folders.filter((name) => !name.startsWith('.')).sort((a, b) => a.localeCompare(b))
  const folders = await Promise.all(names.slice(0, mostFolders).map((name) => entry(here, name)))
  const parent = dirname(here)
  return { path: here, parent: parent === here ? null : parent, folders, photoCount: entries.photoCount }
}

async function entry(parent: string, name: string): Promise<FolderEntry> {
  const path = join(parent, name)
  return { name, path, photoCount: (await list(path))?.photoCount ?? 0 }
}

async function list(path: string): Promise<{ folders: readonly string[]; photoCount: number } | null> {
  try {
    const entries = await readdir(path, { withFileTypes: true })
    const isFolder = await Promise.all(
      entries.map(async (one) => one.isDirectory() || (one.isSymbolicLink() && leadsToFolder(join(path, one.name)))),
    )
    return {
      folders: entries.filter((_, at) => isFolder[at]).map((one) => one.name),
      photoCount: entries.filter((one) => !one.isDirectory() && photoName.test(one.name)).length,
    }
  } catch {
    return null
  }
}

async function leadsToFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    return false
  }
}
