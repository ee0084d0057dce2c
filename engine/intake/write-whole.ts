import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

let written = 0

/** Writes beside and renames, so that nobody ever reads half a file. */
export async function writeWhole(path: string, data: Uint8Array | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const partial = `${path}.${process.pid}.${Math.random().toString(36).slice(2, 8)}.${written++}`
  await writeFile(partial, data)
  await rename(partial, path)
}
