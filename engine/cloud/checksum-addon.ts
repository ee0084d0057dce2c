import type { Checksums } from './checksums.ts'

/** The native checksums where they were built for this machine; null otherwise. */
export function loadChecksumAddon(): Checksums | null {
  return null
}
