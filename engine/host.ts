import type { SecretStore } from './secrets.ts'

/** What a host lends to the engine: where things lie, what time it is, who to tell. */
export type Host = {
  readonly kind: 'browser' | 'electron' | 'cli'
  /** The home folder: library, database, caches, settings (SPACEPORT_HOME). */
  readonly home: string
  /** The root of the program's files: containers/, backend/, samples/. */
  readonly program: string
  readonly now: () => Date
  readonly log: (line: string) => void
  /** Keeps secrets in the system's keychain; absent: a file that only this user can read. */
  readonly secrets?: SecretStore
  /** Opens an address in the person's browser; false where there is none to open. Absent: there is none. */
  readonly openOutside?: (url: string) => Promise<boolean>
}
