import { constants } from 'node:fs'
import { copyFile, link, mkdir, open, readdir, rename, rm, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Places a file by a hard link, or by a copy where the disk cannot. */
export async function linkOrCopy(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  try {
    await link(from, to)
  } catch (error) {
    if (!isLinkRefused(error)) throw error
    const part = `${to}.part`
    await copyFile(from, part)
    await rename(part, to)
  }
}

/** Lends a file to a stage: a hard link, else a symbolic link, else a copy. The stage only reads. */
export async function lend(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  try {
    return await link(from, to)
  } catch (error) {
    if (!isLinkRefused(error)) throw error
  }
  try {
    await symlink(from, to)
  } catch {
    // Windows asks for a right that most people lack.
    await copyFile(from, to)
  }
}

function isLinkRefused(error: unknown): boolean {
  const code = (error as { code?: string }).code
  return (
    code === 'EXDEV' ||
    code === 'EPERM' ||
    code === 'ENOTSUP' ||
    code === 'EOPNOTSUPP' ||
    code === 'EMLINK' ||
    code === 'EACCES' ||
    code === 'ENOSYS'
  )
}

/** The files below a folder by relative path, `/` between folders. */
export async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  return entries
    .filter((one) => one.isFile())
    .map((one) =>
      join(one.parentPath, one.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort()
}

/** Places a copy (by links) of the folder `from` as `to`, whole or not at all; what was there is replaced. */
export async function placeFolder(from: string, to: string, wanted: (name: string) => boolean = () => true): Promise<void> {
  const part = `${to}.part`
  await rm(part, { recursive: true, force: true })
  await mkdir(part, { recursive: true })
  for (const name of (await filesBelow(from)).filter(wanted)) await linkOrCopy(join(from, name), join(part, name))
  await rm(to, { recursive: true, force: true })
  await rename(part, to)
}

/** Copies a folder's files into a folder of the person's, each whole or not at all; other files there stay untouched. */
export async function copyInto(from: string, to: string): Promise<void> {
  for (const name of await filesBelow(from)) {
    const target = join(to, name)
    await mkdir(dirname(target), { recursive: true })
    await copyFile(join(from, name), `${target}.part`, constants.COPYFILE_FICLONE)
    await rename(`${target}.part`, target)
  }
}

/** Forces files and their folder onto the disk: after this a power cut leaves them whole. */
export async function syncFiles(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) await syncOne(join(folder, name))
  // Windows cannot open a folder for syncing; there the rename itself is journalled.
  if (process.platform !== 'win32') await syncOne(folder)
}

async function syncOne(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
