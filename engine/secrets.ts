import { chmod, mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeWhole } from './settings.ts'

/** Keeps what nobody else may read, by name. `keptBy`: the system's keychain, or a file that only this user can read. */
export type SecretStore = {
  readonly keptBy: () => 'system' | 'file'
  readonly get: (name: string) => Promise<string | null>
  readonly set: (name: string, value: string) => Promise<void>
  readonly remove: (name: string) => Promise<void>
}

/** How a store keeps the text: as it is, or locked by the system. */
export type Lock = {
  readonly keptBy: 'system' | 'file'
  readonly close: (text: string) => Buffer
  readonly open: (bytes: Buffer) => string
}

const plain: Lock = { keptBy: 'file', close: (text) => Buffer.from(text), open: (bytes) => bytes.toString() }

/** A file for each secret in the home, readable by this user alone. Without a `lock` of the system it holds the text as it is. */
export function fileSecrets(home: string, lock: () => Lock = () => plain): SecretStore {
  const folder = join(home, 'secrets')
  const fileOf = (name: string): string => join(folder, `${name}.${lock().keptBy}`)
  return {
    keptBy: () => lock().keptBy,
    get: async (name) => {
      try {
        return lock().open(await readFile(fileOf(name)))
      } catch {
        // Absent, or locked by another user or another keychain: whoever asks signs in again.
        return null
      }
    },
    set: async (name, value) => {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await chmod(folder, 0o700)
      await writeWhole(fileOf(name), lock().close(value), 0o600)
    },
    remove: async (name) => {
      for (const keptBy of ['system', 'file']) await rm(join(folder, `${name}.${keptBy}`), { force: true })
    },
  }
}
