import { constants } from 'node:fs'
import { cp, stat } from 'node:fs/promises'
import path from 'node:path'
import { type Problem, problem } from '../../core/problem.ts'
import { endingOf } from './scene/convert.ts'

/** What a drop turned out to be. */
export type Dropped = { readonly folder: string } | { readonly scene: string } | { readonly problem: Problem }

const nothing = problem('drop/empty', 'Nothing in that drop can be read as a file.', 'Drop a folder of photos or a scene file.')

/** Takes dropped paths: one folder is used where it lies, one scene too; loose photos are gathered in an import folder. */
export async function takePaths(paths: readonly string[], importFolder: () => Promise<string>): Promise<Dropped> {
  const [first, ...others] = paths.filter((one) => path.isAbsolute(one))
  if (first === undefined) return { problem: nothing }
  const facts = await stat(first).catch(() => null)
  if (facts === null) return { problem: nothing }
  if (others.length === 0 && facts.isDirectory()) return { folder: first }
  if (others.length === 0 && endingOf(first) !== null) return { scene: first }
  const folder = await importFolder()
  for (const from of [first, ...others]) await gather(from, folder)
  return { folder }
}

/** Copies by reference where the disk can (APFS, Btrfs, XFS); two files of one name both stay. */
async function gather(from: string, folder: string): Promise<void> {
  const { name, ext } = path.parse(from)
  for (let at = 1; ; at += 1) {
    const to = path.join(folder, at === 1 ? `${name}${ext}` : `${name} (${at})${ext}`)
    if ((await stat(to).catch(() => null)) !== null) continue
    return await cp(from, to, { recursive: true, preserveTimestamps: true, mode: constants.COPYFILE_FICLONE })
  }
}
