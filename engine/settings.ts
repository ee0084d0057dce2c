import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppSettings } from '../core/app-settings.ts'
import { home as layout } from '../core/layout.ts'
import { historyProblem } from './history/trouble.ts'

/** The app's settings; what the file does not say, or says wrongly, is the default. */
export async function readSettings(home: string): Promise<AppSettings> {
  const defaults = AppSettings.parse({})
  try {
    const read: unknown = JSON.parse(await readFile(join(home, layout.settings), 'utf8'))
    const known = AppSettings.safeParse(read)
    return known.success ? known.data : defaults
  } catch {
    // Absent on the first start, or cut by hand: the app starts with its defaults rather than not at all.
    return defaults
  }
}

/** Writes the settings whole or not at all. */
export async function saveSettings(home: string, settings: AppSettings): Promise<AppSettings> {
  try {
    await writeWhole(join(home, layout.settings), `${JSON.stringify(settings, null, 2)}\n`)
    return settings
  } catch (error) {
    throw historyProblem(error, home)
  }
}

/** Writes a file under a temporary name, syncs, renames: nobody ever reads half of it. `mode`: who may read it, from its first byte on. */
export async function writeWhole(file: string, content: string | Uint8Array, mode = 0o666): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  const part = `${file}.${process.pid}.part`
  const handle = await open(part, 'w', mode)
  try {
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(part, file)
}
