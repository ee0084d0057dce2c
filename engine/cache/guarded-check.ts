import type { CheckFolder } from '../scans.ts'
import { checksLock } from './cache.ts'
import { shareLock } from './shared-lock.ts'

/** The check, holding what it reads in the caches against whoever clears them. */
export function guardedCheck(checkIt: CheckFolder, home: string): CheckFolder {
  return async function* (folder, program, signal) {
    const lock = shareLock(home, checksLock)
    try {
      yield* checkIt(folder, program, signal)
    } finally {
      lock.release()
    }
  }
}
