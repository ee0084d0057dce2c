/** Tidies one at a time, after whatever asked for it, and never fails anybody. `idle`: all of it is done. */
export function tidier(tidy: () => Promise<unknown>, log: (line: string) => void) {
  let turn: Promise<unknown> = Promise.resolve()
  const soon = (): void => {
    turn = turn.then(tidy).catch((error: unknown) => log(`caches: ${error instanceof Error ? error.stack : String(error)}`))
  }
  return { soon, idle: () => turn }
}
