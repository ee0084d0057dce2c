import { existsSync } from 'node:fs'
import { cp, mkdtemp, readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Check, CheckEvent } from './check-event.ts'
import { check } from './check.ts'

const root = resolve(import.meta.dirname, '..', '..')

/** The shared captures beside the repository; null where they are not on this machine. */
export function captureFolder(name: string): string | null {
  const folder = join(root, '..', 'shared', 'captures', name)
  return existsSync(folder) ? folder : null
}

export const emptyFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'spaceport-check-'))

/** A writable copy of a capture's photos. */
export async function copyOf(folder: string): Promise<string> {
  const copy = await emptyFolder()
  for (const name of await readdir(folder)) await cp(join(folder, name), join(copy, name), { mode: 0 })
  return copy
}

/** Checks a folder to its end. `home`: where the cache lies, a fresh folder unless given. */
export async function checkAll(folder: string, home?: string): Promise<{ readonly events: readonly CheckEvent[]; readonly check: Check }> {
  const cacheDir = home ?? (await emptyFolder())
  const events: CheckEvent[] = []
  for await (const event of check(
    folder,
    { cacheDir, thumbsDir: join(cacheDir, 'thumbs'), threads: 2, program: root },
    new AbortController().signal,
  ))
    events.push(event)
  const last = events.at(-1)
  if (last?.kind !== 'checked') throw new Error(`the check ended with ${JSON.stringify(last)}`)
  return { events, check: last.check }
}

/** Files that a finding names, sorted. */
export function named({ findings }: Check, code: string): readonly string[] {
  return findings
    .filter((finding) => finding.code === code)
    .flatMap(({ files }) => files)
    .sort()
}
