/** What a host lends to the engine: where things lie, what time it is, who to tell. */
export type Host = {
  readonly kind: 'browser' | 'electron' | 'cli'
  /** The home folder: library, database, caches, settings (SPACEPORT_HOME). */
  readonly home: string
  /** The root of the program's files: containers/, backend/, samples/. */
  readonly program: string
  readonly now: () => Date
  readonly log: (line: string) => void
}
