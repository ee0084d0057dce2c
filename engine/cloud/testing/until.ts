import { setTimeout as sleep } from 'node:timers/promises'

// Long beyond any machine's slowness: it only ends a test whose condition never comes.
const longestMs = 25_000

/** Waits until `holds`; throws where it never does. Tests wait for what happened, never for a time. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const begun = performance.now(); !(await holds()); await sleep(5))
    if (performance.now() - begun > longestMs) throw new Error(`this never came true: ${holds.toString()}`)
}
